INSERT INTO auth.users (login, password) VALUES ('ann', 'x'), ('bob', 'y');
