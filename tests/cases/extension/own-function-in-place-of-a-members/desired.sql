CREATE FUNCTION regexp_match(a text, b integer) RETURNS text LANGUAGE sql AS 'select a';
CREATE FUNCTION split_part(text, text, integer) RETURNS text LANGUAGE sql AS 'select $1';
CREATE TYPE citext AS ENUM ('own');
CREATE FUNCTION citext_eq(citext, citext) RETURNS boolean LANGUAGE sql AS 'select true';
