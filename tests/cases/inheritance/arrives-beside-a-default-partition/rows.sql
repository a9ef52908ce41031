INSERT INTO sale VALUES (1, '2023-05-05', 'a'), (2, '2026-05-05', NULL);
INSERT INTO sale_2024 VALUES (3, '2024-05-05', 'c');
INSERT INTO shop VALUES (1, 'z'), (2, NULL);
INSERT INTO shop_a VALUES (3, 'a');
INSERT INTO part_0 SELECT g FROM generate_series(1, 20) g WHERE satisfies_hash_partition('part'::regclass, 2, 0, g);
INSERT INTO q VALUES (1, 1), (1, NULL); INSERT INTO q15 VALUES (1, 5);
