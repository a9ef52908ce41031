CREATE TABLE ticket (id integer PRIMARY KEY, state text NOT NULL DEFAULT 'open', CONSTRAINT ticket_state CHECK (state IN ('open', 'closed')));
CREATE INDEX ticket_open ON ticket (id) WHERE state = 'open';
