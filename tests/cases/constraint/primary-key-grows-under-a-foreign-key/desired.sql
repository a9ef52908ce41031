CREATE TABLE t(tn int, id int, PRIMARY KEY(tn,id), UNIQUE(id));
CREATE TABLE o(t int REFERENCES t(id));
