CREATE TABLE city (id integer PRIMARY KEY, name text COLLATE "C" NOT NULL);
CREATE UNIQUE INDEX city_name ON city (name);
CREATE VIEW sorted_city AS SELECT name FROM city ORDER BY name;
