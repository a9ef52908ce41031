-- Nobody is kept from a table while its rows are looked at: a check proves beforehand that they are where they belong.
CREATE TABLE sale (id integer NOT NULL, day date NOT NULL, kind text) PARTITION BY RANGE (day);
CREATE TABLE sale_rest PARTITION OF sale DEFAULT;
CREATE TABLE sale_2024 PARTITION OF sale FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE sale_2025 PARTITION OF sale FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE shop (id integer NOT NULL, kind text) PARTITION BY LIST (kind);
CREATE TABLE shop_rest PARTITION OF shop DEFAULT PARTITION BY LIST (kind);
CREATE TABLE shop_rest_1 PARTITION OF shop_rest FOR VALUES IN ('z', NULL);
CREATE TABLE shop_a PARTITION OF shop FOR VALUES IN ('a', 'b') PARTITION BY LIST (kind);
CREATE TABLE shop_a_1 PARTITION OF shop_a FOR VALUES IN ('a');
CREATE TABLE part (id integer) PARTITION BY HASH (id);
CREATE TABLE part_0 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
