-- None of these is visible in \d's first columns; forgotten by most tools. Backward each returns to the type's own.
CREATE TABLE file (id integer PRIMARY KEY, body text, thumb bytea, owner integer);
ALTER TABLE file
    ALTER body SET STORAGE MAIN, ALTER body SET COMPRESSION pglz, ALTER body SET STATISTICS 0,
    ALTER owner SET STATISTICS 1000, ALTER owner SET (n_distinct = -0.5, n_distinct_inherited = -1);
