CREATE TABLE t (a integer, b integer, c integer);
CREATE STATISTICS kinds (ndistinct, mcv) ON a, b FROM t;
CREATE STATISTICS columns ON a, c FROM t;
CREATE STATISTICS target ON a, b FROM t;
COMMENT ON STATISTICS kinds IS 'kept';
ALTER STATISTICS kinds SET STATISTICS 300;
CREATE STATISTICS expression ON (a - b), c FROM t;
