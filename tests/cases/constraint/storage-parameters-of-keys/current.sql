CREATE TABLE parcel (id integer, code text, zone text, slot integer,
    CONSTRAINT parcel_pkey PRIMARY KEY (id) WITH (fillfactor = 90),
    CONSTRAINT parcel_zone_key UNIQUE (zone));
