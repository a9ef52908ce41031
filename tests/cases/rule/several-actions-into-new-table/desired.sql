CREATE TABLE item (id integer PRIMARY KEY, name text);
CREATE TABLE item_log (id integer, what text, at timestamptz DEFAULT now());
CREATE VIEW item_api AS SELECT id, name FROM item;
CREATE RULE insert_both AS ON INSERT TO item_api DO INSTEAD (
    INSERT INTO item VALUES (new.id, new.name);
    INSERT INTO item_log (id, what) VALUES (new.id, 'it''s; new --');
    NOTIFY item_changed
);
