INSERT INTO word VALUES (1, 'Apple'), (2, ' Pear ');
