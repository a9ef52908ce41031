INSERT INTO team VALUES (1, 'red');
