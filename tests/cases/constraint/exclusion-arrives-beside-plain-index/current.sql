CREATE TABLE lease (flat int4range, period daterange);
CREATE INDEX lease_flat_period_excl ON lease USING gist (flat, period);
