-- To a differ it is drop and create; what stays in person must be untouched.
CREATE TABLE person (id integer PRIMARY KEY, name text);
CREATE TABLE address (person integer PRIMARY KEY REFERENCES person, street text, city text);
CREATE INDEX person_city ON address (city);
CREATE VIEW label AS SELECT p.name, a.street, a.city FROM person p LEFT JOIN address a ON a.person = p.id;
