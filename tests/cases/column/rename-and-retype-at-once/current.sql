CREATE TABLE parcel (id integer PRIMARY KEY, weight integer DEFAULT 0);
CREATE VIEW heavy AS SELECT id FROM parcel WHERE weight > 100;
