INSERT INTO tenant VALUES (1, 'acme');
INSERT INTO project VALUES (1, 'rocket'), (2, 'anvil');
INSERT INTO task VALUES (1, 1, 'launch');
