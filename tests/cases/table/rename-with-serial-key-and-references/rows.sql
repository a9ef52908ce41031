INSERT INTO client (name) VALUES ('Ann'), ('Bob');
INSERT INTO contract VALUES (1, 2);
