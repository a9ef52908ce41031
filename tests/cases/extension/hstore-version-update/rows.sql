INSERT INTO setting VALUES (1, 'colour=>red, size=>"10"');
