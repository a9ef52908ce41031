-- No change: aliases of types, case of names.
CREATE TABLE "person" ("id" integer, name varchar, Ratio double precision, born timestamp without time zone, ok boolean, big bigint, tag character varying(3) ARRAY);
