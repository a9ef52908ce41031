CREATE TABLE t (a integer, b integer NOT NULL, c text);
CREATE UNIQUE INDEX t_a ON t (a) WITH (fillfactor = 70);
CREATE UNIQUE INDEX t_b ON t (b);
CREATE UNIQUE INDEX t_c ON t (lower(c));
