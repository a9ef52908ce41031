INSERT INTO customer VALUES (1, 'Ann'), (2, 'Bob'), (900, 'Eve');
