INSERT INTO article VALUES (1, '{red,green}'), (2, '{}');
