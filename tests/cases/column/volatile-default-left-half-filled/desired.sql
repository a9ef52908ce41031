-- Gone on with where it is what it shall be, else made anew or dropped; what only has such a name is its owner's.
CREATE TABLE person (id integer PRIMARY KEY, token uuid DEFAULT gen_random_uuid() NOT NULL) WITH (fillfactor = 70);
CREATE TABLE typed (id integer, r double precision DEFAULT random());
CREATE TABLE spread (id integer, r double precision DEFAULT (random() * 100));
CREATE TABLE given_up (id integer, other double precision);
CREATE TABLE users_own (id integer, r double precision DEFAULT random());
