-- Replaced by drop and create: owner, comments, both privileges, trigger, rule and default all come back.
CREATE TABLE member (id integer PRIMARY KEY, name text, mail text);
CREATE FUNCTION add_member() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.member VALUES (new.id, new.name); RETURN new; END $$;
CREATE VIEW member_api AS SELECT id, mail, name FROM member;
ALTER VIEW member_api OWNER TO app_owner;
COMMENT ON VIEW member_api IS 'For the outside';
COMMENT ON COLUMN member_api.name IS 'As spelt';
GRANT SELECT ON member_api TO app_reader;
GRANT UPDATE (name) ON member_api TO app_writer WITH GRANT OPTION;
CREATE TRIGGER on_insert INSTEAD OF INSERT ON member_api FOR EACH ROW EXECUTE FUNCTION add_member();
CREATE RULE on_delete AS ON DELETE TO member_api DO INSTEAD DELETE FROM member WHERE id = old.id;
ALTER VIEW member_api ALTER name SET DEFAULT 'unknown';
