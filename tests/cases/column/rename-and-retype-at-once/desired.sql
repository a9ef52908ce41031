CREATE TABLE parcel (id integer PRIMARY KEY, weight_grams bigint NOT NULL DEFAULT 0);
CREATE VIEW heavy AS SELECT id FROM parcel WHERE weight_grams > 100;
