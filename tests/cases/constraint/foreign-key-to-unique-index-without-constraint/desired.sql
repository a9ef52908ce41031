-- The index becomes a constraint while a foreign key depends on it.
CREATE TABLE sku (code text NOT NULL, name text, CONSTRAINT sku_code PRIMARY KEY (code));
CREATE TABLE stock (sku text CONSTRAINT stock_sku REFERENCES sku (code));
