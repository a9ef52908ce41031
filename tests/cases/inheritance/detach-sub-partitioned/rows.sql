INSERT INTO p VALUES (1, 'north'), (2, 'south'), (11, 'north'), (15, 'south'), (25, 'east');
