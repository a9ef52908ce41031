CREATE TYPE reading_type AS (id integer, value real);
CREATE TABLE reading OF reading_type;
