INSERT INTO person VALUES ('{abc,def}', '(abc,def)', '{abc}', 'abc', '{abc}');
