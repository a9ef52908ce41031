CREATE DOMAIN tag AS text;
CREATE TABLE article (id integer PRIMARY KEY, tags tag[] NOT NULL DEFAULT '{}');
