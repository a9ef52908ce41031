INSERT INTO t VALUES ('it''s'), ('a,b');
