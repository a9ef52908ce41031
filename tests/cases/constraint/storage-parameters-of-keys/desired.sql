CREATE TABLE parcel (id integer, code text, zone text, slot integer,
    CONSTRAINT parcel_pkey PRIMARY KEY (id),
    CONSTRAINT parcel_zone_key UNIQUE (zone) WITH (fillfactor = 60),
    CONSTRAINT parcel_code_key UNIQUE NULLS NOT DISTINCT (code) INCLUDE (slot) WITH (fillfactor = 70, deduplicate_items = off) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE pallet (id integer, CONSTRAINT pallet_pkey PRIMARY KEY (id) WITH (fillfactor = 80) DEFERRABLE,
    CONSTRAINT apart EXCLUDE USING btree (id WITH =) WITH (fillfactor = 50) WHERE (id > 3));
