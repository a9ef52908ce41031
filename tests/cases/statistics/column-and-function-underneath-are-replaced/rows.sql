INSERT INTO t VALUES (1, 2, 3, 'c', 'd'); INSERT INTO p VALUES (1, 2, 'w');
