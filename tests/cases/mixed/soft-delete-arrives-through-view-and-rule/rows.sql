INSERT INTO note (slug, body) VALUES ('a', 'A'), ('b', 'B');
