INSERT INTO visit VALUES (1, 'de'), (2, NULL);
