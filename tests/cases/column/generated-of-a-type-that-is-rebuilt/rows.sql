INSERT INTO by_function VALUES ('a');
INSERT INTO by_column VALUES ('b');
INSERT INTO by_constant VALUES (1);
INSERT INTO of_composite VALUES ('(1)', '(2)');
INSERT INTO of_domain VALUES ('x');
INSERT INTO below VALUES ('a');
