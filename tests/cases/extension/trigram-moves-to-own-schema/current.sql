CREATE EXTENSION pg_trgm;
CREATE TABLE product (id integer PRIMARY KEY, title text);
CREATE INDEX product_title_trgm ON product USING gin (title gin_trgm_ops);
