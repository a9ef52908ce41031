INSERT INTO customer VALUES (1, 'Ann', 'x'), (2, 'Bob', 'y');
INSERT INTO invoice VALUES (1, 1);
