-- ALTER TYPE ALTER ATTRIBUTE is refused while a table column uses the type, even if the table is empty.
CREATE TYPE point_3d AS (x double precision, y double precision, z double precision);
CREATE TABLE body (id integer PRIMARY KEY, at point_3d);
