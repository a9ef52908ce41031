CREATE TABLE account (id integer PRIMARY KEY, email text NOT NULL);
CREATE UNIQUE INDEX account_email ON account (email);
CREATE VIEW account_public AS SELECT id, email FROM account;
