-- No ALTER TABLE does it: a new table, and the rows move. Losing them is the classic mistake.
CREATE TABLE audit (id integer NOT NULL, at date NOT NULL, body text) PARTITION BY RANGE (at);
CREATE TABLE audit_2024 PARTITION OF audit FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE audit_rest PARTITION OF audit DEFAULT;
