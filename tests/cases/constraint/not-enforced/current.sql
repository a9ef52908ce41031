CREATE TABLE a (id integer PRIMARY KEY);
CREATE TABLE b (id integer PRIMARY KEY, a integer CONSTRAINT b_a REFERENCES a, n integer CONSTRAINT n_small CHECK (n < 10));
