CREATE SCHEMA "odd schema";
CREATE DEFAULT CONVERSION "odd schema"."latin.1 ""➡""" FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION "odd schema"."latin.1 ""➡""" IS 'old files';
ALTER CONVERSION "odd schema"."latin.1 ""➡""" OWNER TO app_owner;
CREATE CONVERSION public.back FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
