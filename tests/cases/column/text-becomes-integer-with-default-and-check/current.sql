CREATE TABLE vote (id integer PRIMARY KEY, score text DEFAULT '0', CONSTRAINT digits CHECK (score ~ '^[0-9]+$'));
