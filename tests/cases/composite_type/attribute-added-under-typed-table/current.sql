CREATE TYPE employee AS (id integer, name text);
CREATE TABLE staff OF employee (PRIMARY KEY (id));
