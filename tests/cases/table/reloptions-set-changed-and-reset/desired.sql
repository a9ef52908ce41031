-- Options missing in the desired state are RESET; toast options live on another relation.
CREATE TABLE log (id integer, body text) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_vacuum_threshold = 200, toast.vacuum_truncate = false);
