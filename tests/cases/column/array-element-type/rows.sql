INSERT INTO poll VALUES (1, '{3,4}'), (2, '{}');
