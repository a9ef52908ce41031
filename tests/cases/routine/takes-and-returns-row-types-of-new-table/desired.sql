CREATE TABLE person (id integer PRIMARY KEY, first text, last text);
CREATE TABLE pet (id integer PRIMARY KEY, person integer REFERENCES person);
CREATE FUNCTION full_name(person) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1.first || ' ' || $1.last $$;
CREATE FUNCTION pets(person) RETURNS SETOF pet LANGUAGE sql STABLE AS $$ SELECT * FROM public.pet WHERE person = $1.id $$;
CREATE FUNCTION many(pet[]) RETURNS pet.id%TYPE LANGUAGE plpgsql AS $$ DECLARE r public.pet%ROWTYPE; BEGIN RETURN 1; END $$;
CREATE INDEX person_full_name ON person (full_name(person.*));
CREATE VIEW names AS SELECT person.full_name FROM person;
