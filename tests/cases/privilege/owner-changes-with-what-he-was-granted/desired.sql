-- The new owner's entries melt into the owner's own; what is granted to the old one comes afterwards.
CREATE TABLE t (id integer, name text);
ALTER TABLE t OWNER TO app_owner;
GRANT SELECT (name) ON t TO app_owner;
GRANT UPDATE ON t TO postgres;
CREATE TABLE u (id integer);
GRANT INSERT ON u TO app_owner;
