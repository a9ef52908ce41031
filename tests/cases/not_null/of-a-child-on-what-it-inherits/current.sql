CREATE TABLE parent (a integer, b integer);
