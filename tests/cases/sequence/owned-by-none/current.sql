CREATE SEQUENCE counter;
CREATE TABLE t (n bigint DEFAULT nextval('counter'));
ALTER SEQUENCE counter OWNED BY t.n;
