CREATE TABLE team (id integer PRIMARY KEY);
CREATE TABLE member (
    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10) PRIMARY KEY,
    team_id integer NOT NULL REFERENCES team ON DELETE CASCADE,
    mentor_id bigint REFERENCES member DEFERRABLE INITIALLY DEFERRED,
    name text COLLATE "C" NOT NULL DEFAULT 'nobody',
    initial text GENERATED ALWAYS AS (left(name, 1)) STORED,
    seniority smallint CONSTRAINT senior CHECK (seniority BETWEEN 1 AND 5),
    UNIQUE (team_id, name)
) WITH (fillfactor = 80);
CREATE INDEX member_name ON member (lower(name)) WHERE seniority > 3;
COMMENT ON TABLE member IS 'Who works where';
COMMENT ON COLUMN member.initial IS 'Derived';
GRANT SELECT (id, name) ON member TO app_reader;
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON member TO app_writer USING (name = CURRENT_USER);
