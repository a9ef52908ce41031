CREATE DOMAIN tag AS text CONSTRAINT lower_case CHECK (VALUE = lower(VALUE));
CREATE TABLE article (id integer PRIMARY KEY, tags tag[] NOT NULL DEFAULT '{}');
