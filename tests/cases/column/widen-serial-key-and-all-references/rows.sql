INSERT INTO author (name) VALUES ('Ann'), ('Bob');
INSERT INTO book (author_id) VALUES (1), (1), (2);
