INSERT INTO subscriber VALUES (1, '{mail,push}', NULL), (2, '{}', '{push}');
