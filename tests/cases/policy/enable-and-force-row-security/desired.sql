-- Two independent flags: FORCE without ENABLE is legal, and so is ENABLE without any policy.
CREATE TABLE a (id integer);
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE TABLE b (id integer);
ALTER TABLE b FORCE ROW LEVEL SECURITY;
CREATE TABLE c (id integer);
