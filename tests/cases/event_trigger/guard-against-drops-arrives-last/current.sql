CREATE TABLE old (id integer);
CREATE TABLE kept (id integer, obsolete text);
