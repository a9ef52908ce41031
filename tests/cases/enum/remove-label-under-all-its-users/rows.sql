INSERT INTO tenant VALUES (1, 'free'), (2, 'pro');
