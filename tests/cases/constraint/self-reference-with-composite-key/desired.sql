CREATE TABLE category (tenant integer, id integer, parent integer, PRIMARY KEY (tenant, id),
    CONSTRAINT category_parent FOREIGN KEY (tenant, parent) REFERENCES category (tenant, id) ON DELETE CASCADE DEFERRABLE);
