CREATE TABLE person (id integer PRIMARY KEY, migrator_tmp_token uuid DEFAULT gen_random_uuid());
CREATE TABLE typed (id integer, migrator_tmp_r real DEFAULT random());
CREATE TABLE spread (id integer, migrator_tmp_r double precision DEFAULT random());
CREATE TABLE given_up (id integer, migrator_tmp_r double precision DEFAULT random());
CREATE TABLE users_own (id integer, migrator_tmp_r text);
