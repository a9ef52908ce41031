INSERT INTO readings_north VALUES (1, 'north'); INSERT INTO readings_south VALUES (2, 'south');
