CREATE TABLE t (id integer CONSTRAINT t_key PRIMARY KEY, n integer CONSTRAINT positive CHECK (n > 0));
CREATE INDEX t_n ON t (n);
CREATE STATISTICS t_stats ON id, n FROM t;
CREATE SEQUENCE s;
COMMENT ON TABLE t IS 'old';
COMMENT ON COLUMN t.id IS 'goes away';
