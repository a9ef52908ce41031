CREATE TABLE stock (sku text, place text, amount integer);
CREATE UNIQUE INDEX stock_sku ON stock (sku, place) INCLUDE (amount);
CREATE INDEX stock_place ON stock (place) INCLUDE (sku, amount);
