INSERT INTO lease VALUES (1, 'Ann');
