CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, c integer, CONSTRAINT t_pkey PRIMARY KEY (a), CONSTRAINT t_c UNIQUE (c));
CREATE UNIQUE INDEX migrator_tmp_t_pkey ON t (b);
CREATE UNIQUE INDEX migrator_tmp_t_c ON t (a, b, c);
