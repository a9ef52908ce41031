CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE logs (id bigint NOT NULL, at date NOT NULL, note text, level integer DEFAULT 1) PARTITION BY RANGE (at);
CREATE INDEX logs_note ON logs (note);
CREATE TABLE logs_new PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE FOREIGN TABLE logs_old PARTITION OF logs (note NOT NULL) FOR VALUES FROM ('2000-01-01') TO ('2025-01-01')
    SERVER s OPTIONS (table_name 'old');
CREATE TABLE base (a bigint, b text, CONSTRAINT a_is_big CHECK (a > 100));
CREATE FOREIGN TABLE apart (id bigint NOT NULL, at date NOT NULL, note text) SERVER s;
CREATE FOREIGN TABLE child (c integer) INHERITS (base) SERVER s OPTIONS (x 'z');
CREATE FOREIGN TABLE second (d integer) INHERITS (base) SERVER s;
ALTER FOREIGN TABLE second ALTER COLUMN b OPTIONS (column_name 'B');
