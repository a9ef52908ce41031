INSERT INTO person VALUES (1, 'Ann', 'Main St', 'Rome'), (2, 'Bob', NULL, NULL);
