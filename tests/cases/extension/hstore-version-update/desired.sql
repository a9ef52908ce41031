-- pg_dump does not show an extension's version: only a probe of pg_extension does.
CREATE EXTENSION hstore VERSION '1.8';
CREATE TABLE setting (id integer PRIMARY KEY, options hstore);
