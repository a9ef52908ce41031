CREATE TABLE person (id integer PRIMARY KEY, migrator_tmp_token uuid DEFAULT gen_random_uuid());
CREATE TABLE other (id integer, migrator_tmp_r integer DEFAULT 1);
