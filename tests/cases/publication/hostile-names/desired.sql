CREATE SCHEMA "Sch. é";
CREATE TABLE "Sch. é"."t; DROP TABLE x; --" (id integer PRIMARY KEY, "c""1" integer, "select" text);
CREATE PUBLICATION "a.b 🐘 ""p""" FOR TABLE "Sch. é"."t; DROP TABLE x; --" ("select", id, "c""1") WHERE (id > 1 AND "select" = $$it's$$);
CREATE PUBLICATION "table" FOR TABLE "Sch. é"."t; DROP TABLE x; --";
COMMENT ON PUBLICATION "a.b 🐘 ""p""" IS 'it''s';
ALTER PUBLICATION "a.b 🐘 ""p""" OWNER TO app_owner;
