-- ALTER EXTENSION SET SCHEMA keeps the index; DROP EXTENSION would take it along.
CREATE SCHEMA ext;
CREATE EXTENSION pg_trgm SCHEMA ext;
CREATE TABLE product (id integer PRIMARY KEY, title text);
CREATE INDEX product_title_trgm ON product USING gin (title ext.gin_trgm_ops);
