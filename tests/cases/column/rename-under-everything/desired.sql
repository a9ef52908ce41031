-- Everything follows the column by its number; nothing is to be dropped.
CREATE TABLE employee (id integer PRIMARY KEY, email text NOT NULL, boss integer, CONSTRAINT has_at CHECK (email LIKE '%@%'), CONSTRAINT mail_once UNIQUE (email));
CREATE INDEX lower_mail ON employee (lower(email));
CREATE VIEW contact AS SELECT id, email AS address FROM employee;
COMMENT ON COLUMN employee.email IS 'Work address';
GRANT UPDATE (email) ON employee TO app_writer;
