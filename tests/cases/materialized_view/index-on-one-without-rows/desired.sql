CREATE TABLE sales (item int, price int);
CREATE MATERIALIZED VIEW totals AS SELECT item, sum(price) AS total FROM sales GROUP BY item WITH NO DATA;
CREATE INDEX totals_by_item ON totals (item);
