CREATE TABLE ledger (id integer);
CREATE TABLE open (id integer);
