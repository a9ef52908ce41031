CREATE TABLE place (country text, city text, PRIMARY KEY (country, city));
CREATE TABLE hotel (id integer PRIMARY KEY, city text, country text, FOREIGN KEY (country, city) REFERENCES place);
