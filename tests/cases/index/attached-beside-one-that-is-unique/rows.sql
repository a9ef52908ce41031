INSERT INTO readings_first VALUES (1, 'north'), (2, 'south');
