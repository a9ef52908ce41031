CREATE TABLE person (ID int4, Name character varying, ratio float8, born timestamp, ok bool, big int8, tag varchar(3)[]);
