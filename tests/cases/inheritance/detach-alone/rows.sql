INSERT INTO sale VALUES (1, 1), (11, 2), (21, 3);
INSERT INTO kind VALUES ('A', 1), (NULL, 2), ('b', 3);
INSERT INTO hash SELECT generate_series(1, 10);
INSERT INTO pair VALUES (1, '2024-05-05'), (1, '2025-05-05');
INSERT INTO only_one VALUES (1);
