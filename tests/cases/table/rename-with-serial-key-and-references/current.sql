CREATE TABLE client (id serial PRIMARY KEY, name text NOT NULL);
CREATE INDEX client_name_idx ON client (name);
CREATE TABLE contract (id integer PRIMARY KEY, client_id integer REFERENCES client);
CREATE VIEW client_name AS SELECT name FROM client;
