CREATE SCHEMA live;
CREATE SCHEMA archive;
CREATE TABLE live.item (id integer CONSTRAINT item_pkey PRIMARY KEY, label text);
CREATE TABLE archive.item (id integer CONSTRAINT item_pkey PRIMARY KEY, label text);
CREATE INDEX item_label ON live.item (label);
CREATE INDEX item_label ON archive.item (label);
