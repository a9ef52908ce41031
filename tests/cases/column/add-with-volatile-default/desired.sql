CREATE TABLE device (id integer PRIMARY KEY, token uuid NOT NULL DEFAULT gen_random_uuid(), added timestamptz NOT NULL DEFAULT clock_timestamp());
