CREATE TABLE category (tenant integer, id integer, parent integer, PRIMARY KEY (tenant, id));
