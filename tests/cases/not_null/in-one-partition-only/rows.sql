INSERT INTO delivery VALUES (1, 'north', 'Ann'), (2, 'south', 'Bob');
