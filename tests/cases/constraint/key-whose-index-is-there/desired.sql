-- Two can be taken over as they are.
CREATE TABLE t (a integer, b integer NOT NULL, c text, CONSTRAINT t_a UNIQUE (a) WITH (fillfactor = 70), CONSTRAINT t_b PRIMARY KEY (b), CONSTRAINT t_c UNIQUE (c));
