-- Default, check, options, index and statistics target of one partition alone; the parent has none of them.
CREATE TABLE orders (id integer NOT NULL, state text DEFAULT 'new') PARTITION BY RANGE (id);
CREATE TABLE orders_1 PARTITION OF orders (
    state DEFAULT 'old' NOT NULL,
    CONSTRAINT known CHECK (state IN ('old', 'new'))
) FOR VALUES FROM (1) TO (1000) WITH (fillfactor = 50);
CREATE INDEX orders_1_state ON orders_1 (state);
ALTER TABLE orders_1 ALTER state SET STATISTICS 500;
