CREATE TABLE file (id integer PRIMARY KEY, body text, thumb bytea, owner integer);
ALTER TABLE file ALTER thumb SET STORAGE EXTERNAL, ALTER owner SET (n_distinct = 100);
