CREATE TABLE tag (id integer, name text, CONSTRAINT tag_pkey PRIMARY KEY (id) INCLUDE (name) WITH (fillfactor = 75));
