INSERT INTO person VALUES ('sad', '{"(sad,happy)"}', '[1,2)');
