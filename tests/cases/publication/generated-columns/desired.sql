CREATE TABLE t (id integer PRIMARY KEY, g integer GENERATED ALWAYS AS (id * 2) STORED);
CREATE PUBLICATION p FOR TABLE t WITH (publish_generated_columns = stored);
CREATE PUBLICATION q FOR TABLE t (id) WITH (publish_generated_columns = stored, publish = 'update');
CREATE PUBLICATION r WITH (publish_generated_columns = stored, publish = '');
