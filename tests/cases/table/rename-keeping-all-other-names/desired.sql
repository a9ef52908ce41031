CREATE TABLE cart (id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME basket_id_seq) CONSTRAINT basket_key PRIMARY KEY, total numeric);
CREATE INDEX basket_total ON cart (total);
COMMENT ON TABLE cart IS 'Shopping';
GRANT SELECT ON cart TO app_reader;
