INSERT INTO circle_of VALUES ('<(0,0),1>'), ('<(5,5),1>');
