CREATE TABLE audit (id integer NOT NULL, at date NOT NULL, body text);
