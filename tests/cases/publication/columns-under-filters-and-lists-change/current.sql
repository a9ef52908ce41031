CREATE TABLE retyped (id integer PRIMARY KEY, x integer, listed integer, free text);
CREATE TABLE losing (id integer PRIMARY KEY, x integer, y text);
CREATE TABLE replaced (id integer PRIMARY KEY, x integer, g integer GENERATED ALWAYS AS (id * 2) STORED);
CREATE PUBLICATION p FOR TABLE retyped (id, listed) WHERE (id > 3), losing (id, x) WHERE (x > 0 AND id > 0);
CREATE PUBLICATION q FOR TABLE retyped WHERE (x > 7), losing, replaced WHERE (x = 1)
    WITH (publish = 'insert');
