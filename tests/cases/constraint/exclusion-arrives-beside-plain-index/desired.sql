-- pg_get_indexdef shows both alike; only the constraint excludes.
CREATE TABLE lease (flat int4range, period daterange, EXCLUDE USING gist (flat WITH =, period WITH &&) WHERE (NOT isempty(period)) DEFERRABLE);
