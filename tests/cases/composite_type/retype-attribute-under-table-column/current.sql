CREATE TYPE point_3d AS (x real, y real, z real);
CREATE TABLE body (id integer PRIMARY KEY, at point_3d);
