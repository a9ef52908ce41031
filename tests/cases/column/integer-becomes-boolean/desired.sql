CREATE TABLE feature (name text PRIMARY KEY, enabled boolean NOT NULL DEFAULT true);
CREATE INDEX feature_on ON feature (name) WHERE enabled;
