-- The default cannot be cast automatically, and check and predicate compare with text: all go first and come back.
CREATE TYPE ticket_state AS ENUM ('open', 'closed');
CREATE TABLE ticket (id integer PRIMARY KEY, state ticket_state NOT NULL DEFAULT 'open');
CREATE INDEX ticket_open ON ticket (id) WHERE state = 'open';
