INSERT INTO queue VALUES ('high', 1), ('low', 1), ('middle', 2);
INSERT INTO task VALUES (1, 'low', 1), (2, 'high', 1);
