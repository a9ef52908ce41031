CREATE EXTENSION hstore VERSION '1.7';
CREATE TABLE setting (id integer PRIMARY KEY, options hstore);
