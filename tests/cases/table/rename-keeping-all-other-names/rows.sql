INSERT INTO basket (total) VALUES (10), (20.5);
