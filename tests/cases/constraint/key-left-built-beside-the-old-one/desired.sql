CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, c integer, CONSTRAINT t_pkey PRIMARY KEY (b), CONSTRAINT t_c UNIQUE (c, a));
