INSERT INTO old.person VALUES (1, 'sad');
