CREATE TYPE reading_type AS (id integer, value real);
CREATE TABLE reading (id integer, value real);
