CREATE TABLE log (id integer, body text) WITH (fillfactor = 90, autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 100);
