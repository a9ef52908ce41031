INSERT INTO invoice (total) VALUES (1), (2), (3);
