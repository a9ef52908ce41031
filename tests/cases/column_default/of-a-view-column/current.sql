CREATE TABLE message (id integer PRIMARY KEY, body text, kind text);
CREATE VIEW message_api AS SELECT id, body, kind FROM message;
