INSERT INTO retyped VALUES (1, 2, 3, 'free');
INSERT INTO losing VALUES (1, 2, 'y');
INSERT INTO replaced VALUES (1, 2);
