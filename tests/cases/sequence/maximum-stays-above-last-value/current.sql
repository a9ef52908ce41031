CREATE SEQUENCE lot AS smallint;
