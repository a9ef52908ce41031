CREATE TABLE sale (id integer NOT NULL, amount numeric, at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE sale_2024 (at date NOT NULL, amount numeric, id integer NOT NULL, note text);
ALTER TABLE sale ATTACH PARTITION sale_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
