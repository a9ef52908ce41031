-- A table may have no column at all, and DROP COLUMN of the last one is legal.
CREATE TABLE lonely ();
CREATE TABLE empty_too () WITH (fillfactor = 70);
