CREATE TABLE tenant (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE project (id integer PRIMARY KEY, name text, CONSTRAINT project_name UNIQUE (name));
CREATE TABLE task (id integer PRIMARY KEY, project integer REFERENCES project, title text);
GRANT SELECT, INSERT, UPDATE, DELETE ON project, task TO app_writer;
