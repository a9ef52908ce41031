INSERT INTO square (width, colour) VALUES (2, 'red');
