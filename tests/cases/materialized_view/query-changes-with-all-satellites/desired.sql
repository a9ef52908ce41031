-- There is no CREATE OR REPLACE: both indexes, cluster mark, owner, privilege and both comments come back.
CREATE TABLE sale (day date, amount numeric);
GRANT SELECT ON sale TO app_owner;
CREATE MATERIALIZED VIEW per_day AS SELECT day, sum(amount) AS total, count(*) AS n FROM sale GROUP BY day;
CREATE UNIQUE INDEX per_day_key ON per_day (day);
CREATE INDEX per_day_total ON per_day (total DESC) WITH (fillfactor = 70);
ALTER MATERIALIZED VIEW per_day CLUSTER ON per_day_key;
ALTER MATERIALIZED VIEW per_day OWNER TO app_owner;
GRANT SELECT ON per_day TO app_reader;
COMMENT ON MATERIALIZED VIEW per_day IS 'Refreshed at night';
COMMENT ON INDEX per_day_key IS 'for REFRESH CONCURRENTLY';
