-- ALTER TYPE needs CASCADE here, and the table must not get the column twice.
CREATE TYPE employee AS (id integer, name text, hired date);
CREATE TABLE staff OF employee (PRIMARY KEY (id), hired WITH OPTIONS DEFAULT CURRENT_DATE);
