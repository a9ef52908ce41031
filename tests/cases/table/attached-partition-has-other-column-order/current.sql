CREATE TABLE sale (id integer NOT NULL, amount numeric, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE sale_2024 (at date NOT NULL, dropped boolean, amount numeric, id integer NOT NULL);
ALTER TABLE sale_2024 DROP COLUMN dropped;
