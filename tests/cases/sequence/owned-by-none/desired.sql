CREATE SEQUENCE counter;
CREATE TABLE t (n bigint DEFAULT nextval('counter'));
