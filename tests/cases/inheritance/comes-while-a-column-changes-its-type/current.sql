CREATE TABLE p (id integer NOT NULL, x varchar(30)) PARTITION BY RANGE (id);
CREATE TABLE p1 (id integer NOT NULL, x varchar(30));
CREATE TABLE a (x varchar(30));
CREATE TABLE d (x varchar(30));
