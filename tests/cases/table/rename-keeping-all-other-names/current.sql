CREATE TABLE basket (id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT basket_key PRIMARY KEY, total numeric);
CREATE INDEX basket_total ON basket (total);
COMMENT ON TABLE basket IS 'Shopping';
GRANT SELECT ON basket TO app_reader;
