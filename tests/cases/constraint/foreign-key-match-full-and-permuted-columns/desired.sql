-- The key's columns are named in another order than the primary key's, and the match type changes.
CREATE TABLE place (country text, city text, PRIMARY KEY (country, city));
CREATE TABLE hotel (id integer PRIMARY KEY, city text, country text, CONSTRAINT hotel_country_city_fkey FOREIGN KEY (city, country) REFERENCES place (city, country) MATCH FULL);
