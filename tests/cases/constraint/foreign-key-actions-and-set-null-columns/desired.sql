CREATE TABLE tenant (id integer PRIMARY KEY);
CREATE TABLE project (tenant integer REFERENCES tenant ON DELETE RESTRICT ON UPDATE CASCADE, id integer, PRIMARY KEY (tenant, id));
CREATE TABLE task (id integer PRIMARY KEY, tenant integer NOT NULL, project integer,
    CONSTRAINT task_project FOREIGN KEY (tenant, project) REFERENCES project ON DELETE SET NULL (project));
