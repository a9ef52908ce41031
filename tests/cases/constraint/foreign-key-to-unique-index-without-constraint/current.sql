CREATE TABLE sku (code text NOT NULL, name text);
CREATE UNIQUE INDEX sku_code ON sku (code);
CREATE TABLE stock (sku text CONSTRAINT stock_sku REFERENCES sku (code));
