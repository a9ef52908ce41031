CREATE TABLE feature (name text PRIMARY KEY, enabled integer NOT NULL DEFAULT 1);
CREATE INDEX feature_on ON feature (name) WHERE enabled = 1;
