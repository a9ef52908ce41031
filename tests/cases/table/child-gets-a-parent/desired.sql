-- Same columns, but inherited and local: INHERIT keeps the rows.
CREATE TABLE vehicle (id integer, wheels smallint, CONSTRAINT some_wheels CHECK (wheels > 0));
CREATE TABLE truck (id integer, wheels smallint, payload integer, CONSTRAINT some_wheels CHECK (wheels > 0)) INHERITS (vehicle);
