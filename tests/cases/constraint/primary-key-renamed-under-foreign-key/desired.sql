CREATE TABLE parent (id integer CONSTRAINT parent_pkey PRIMARY KEY);
CREATE TABLE child (id integer CONSTRAINT child_pkey PRIMARY KEY, parent integer CONSTRAINT child_parent_fkey REFERENCES parent);
