CREATE TABLE retyped (id integer PRIMARY KEY, x bigint, listed bigint, free varchar(20));
CREATE TABLE losing (id integer PRIMARY KEY, y text);
CREATE TABLE replaced (id integer PRIMARY KEY, x integer, g integer GENERATED ALWAYS AS (id * 3) STORED);
CREATE PUBLICATION p FOR TABLE retyped (id, listed) WHERE (id > 3), losing (id) WHERE (id > 0);
CREATE PUBLICATION q FOR TABLE retyped WHERE (x > 7), losing, replaced WHERE (x = 1)
    WITH (publish = 'insert');
