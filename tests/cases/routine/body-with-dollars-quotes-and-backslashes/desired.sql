-- Any fixed dollar tag is closed by this body.
CREATE FUNCTION hostile() RETURNS text LANGUAGE plpgsql AS $outer$
DECLARE v text := 'it''s; -- not a comment';
BEGIN
    /* $function$ $body$ $migrator$ $_$ */
    EXECUTE $$ SELECT $a$ \ $a$ || '$x$' $$ INTO v;
    RETURN v || E'\\' || '"' || '🐘' ;
END
$outer$;
