CREATE TABLE parent (a integer NOT NULL);
