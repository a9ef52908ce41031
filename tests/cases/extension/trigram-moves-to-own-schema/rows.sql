INSERT INTO product VALUES (1, 'teapot'), (2, 'teaspoon');
