CREATE TABLE employee (id integer PRIMARY KEY, mail text NOT NULL, boss integer, CONSTRAINT has_at CHECK (mail LIKE '%@%'), CONSTRAINT mail_once UNIQUE (mail));
CREATE INDEX lower_mail ON employee (lower(mail));
CREATE VIEW contact AS SELECT id, mail AS address FROM employee;
COMMENT ON COLUMN employee.mail IS 'Work address';
GRANT UPDATE (mail) ON employee TO app_writer;
