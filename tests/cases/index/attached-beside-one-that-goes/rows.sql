INSERT INTO readings_north VALUES (1, 'north');
