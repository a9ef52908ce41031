-- CREATE TABLE .. (LIKE ..) copies the names; one that is made up gives way to them.
CREATE TABLE orders (id integer NOT NULL);
CREATE TABLE draft (id integer CONSTRAINT orders_id_not_null NOT NULL);
