CREATE TYPE level AS ENUM ('low', 'high', 'critical');
CREATE TABLE alert (
    id integer PRIMARY KEY, level level, note text,
    CONSTRAINT critical_needs_note CHECK (level <> 'critical' OR note IS NOT NULL)
);
CREATE INDEX alert_critical ON alert (id) WHERE level = 'critical';
CREATE VIEW critical_alert AS SELECT id FROM alert WHERE level = 'critical'::level;
CREATE FUNCTION is_critical(level) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN $1 = 'critical'::level;
