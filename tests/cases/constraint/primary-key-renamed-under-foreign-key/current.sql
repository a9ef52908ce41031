CREATE TABLE parent (id integer CONSTRAINT pk_parent PRIMARY KEY);
CREATE TABLE child (id integer CONSTRAINT pk_child PRIMARY KEY, parent integer CONSTRAINT fk_parent REFERENCES parent);
