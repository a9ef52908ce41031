CREATE TABLE customer (id integer CONSTRAINT customer_key PRIMARY KEY, name text, secret text);
CREATE TABLE invoice (id integer PRIMARY KEY, customer integer REFERENCES customer);
GRANT SELECT ON customer TO app_reader;
