CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE logs (id bigint NOT NULL, at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE INDEX logs_note ON logs (note);
CREATE TABLE logs_new PARTITION OF logs FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE base (a integer, b text);
CREATE FOREIGN TABLE apart (id bigint NOT NULL, at date NOT NULL, note text) SERVER s;
CREATE FOREIGN TABLE child (c integer) INHERITS (base) SERVER s OPTIONS (x 'y');
