CREATE TABLE airport (code varchar(10) PRIMARY KEY, city varchar);
