-- Neither table can be created first with its keys inline; backward neither can be dropped first.
CREATE TABLE unrelated (id integer PRIMARY KEY);
CREATE TABLE department (id integer PRIMARY KEY, head integer NOT NULL);
CREATE TABLE employee (id integer PRIMARY KEY, department integer NOT NULL REFERENCES department, boss integer REFERENCES employee);
ALTER TABLE department ADD FOREIGN KEY (head) REFERENCES employee DEFERRABLE INITIALLY DEFERRED;
