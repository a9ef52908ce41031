INSERT INTO member VALUES (1, 'Ann', 'a@x');
