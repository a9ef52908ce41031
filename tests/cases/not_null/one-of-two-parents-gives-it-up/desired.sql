CREATE TABLE p (id int NOT NULL, v int NOT NULL);
CREATE TABLE q (id int);
CREATE TABLE first () INHERITS (p, q);
CREATE TABLE r (id int);
CREATE TABLE s (id int NOT NULL);
CREATE TABLE second () INHERITS (r, s);
CREATE TABLE t (id int);
CREATE TABLE u (id int NOT NULL);
CREATE TABLE other () INHERITS (t, u);
