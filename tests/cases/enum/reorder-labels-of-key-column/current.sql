CREATE TYPE priority AS ENUM ('high', 'low', 'middle');
CREATE TABLE queue (priority priority, slot integer, PRIMARY KEY (priority, slot));
CREATE TABLE task (id integer PRIMARY KEY, priority priority, slot integer, FOREIGN KEY (priority, slot) REFERENCES queue);
