-- The name changes hands: the table keeps its rows and its foreign key, the view takes the name and the reader.
CREATE TABLE customer_base (id integer CONSTRAINT customer_key PRIMARY KEY, name text, secret text);
CREATE TABLE invoice (id integer PRIMARY KEY, customer integer REFERENCES customer_base);
CREATE VIEW customer AS SELECT id, name FROM customer_base;
GRANT SELECT ON customer TO app_reader;
