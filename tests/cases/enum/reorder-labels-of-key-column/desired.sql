-- The order of labels is the order of the index: both key columns change type, and the foreign key with them.
CREATE TYPE priority AS ENUM ('low', 'middle', 'high');
CREATE TABLE queue (priority priority, slot integer, PRIMARY KEY (priority, slot));
CREATE TABLE task (id integer PRIMARY KEY, priority priority, slot integer, FOREIGN KEY (priority, slot) REFERENCES queue);
