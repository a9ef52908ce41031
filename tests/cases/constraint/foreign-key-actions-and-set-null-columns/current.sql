CREATE TABLE tenant (id integer PRIMARY KEY);
CREATE TABLE project (tenant integer REFERENCES tenant, id integer, PRIMARY KEY (tenant, id));
CREATE TABLE task (id integer PRIMARY KEY, tenant integer NOT NULL, project integer,
    CONSTRAINT task_project FOREIGN KEY (tenant, project) REFERENCES project ON DELETE CASCADE);
