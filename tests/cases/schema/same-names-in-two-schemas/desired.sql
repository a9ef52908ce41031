-- Only archive changes; a tool that keys by bare name or by visibility touches live.
CREATE SCHEMA live;
CREATE SCHEMA archive;
CREATE TABLE live.item (id integer CONSTRAINT item_pkey PRIMARY KEY, label text);
CREATE TABLE archive.item (id bigint CONSTRAINT item_pkey PRIMARY KEY, label text);
CREATE INDEX item_label ON live.item (label);
CREATE INDEX item_label ON archive.item (lower(label));
