INSERT INTO visit VALUES (1, 'eu'), (2, 'us');
