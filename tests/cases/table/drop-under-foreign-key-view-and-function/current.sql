CREATE TABLE country (code char(2) PRIMARY KEY, name text);
CREATE TABLE city (id integer PRIMARY KEY, country char(2) REFERENCES country);
CREATE VIEW city_country AS SELECT city.id, country.name FROM city JOIN country ON country.code = city.country;
CREATE FUNCTION countries() RETURNS SETOF country LANGUAGE sql STABLE AS $$ SELECT * FROM public.country $$;
