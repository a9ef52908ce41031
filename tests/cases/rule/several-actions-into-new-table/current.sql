CREATE TABLE item (id integer PRIMARY KEY, name text);
CREATE VIEW item_api AS SELECT id, name FROM item;
