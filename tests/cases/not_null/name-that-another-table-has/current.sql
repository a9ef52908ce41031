CREATE TABLE draft (id integer CONSTRAINT orders_id_not_null NOT NULL);
