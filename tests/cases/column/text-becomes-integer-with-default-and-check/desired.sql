-- Neither the default nor the check survives the cast by itself.
CREATE TABLE vote (id integer PRIMARY KEY, score integer DEFAULT 0, CONSTRAINT positive CHECK (score >= 0));
