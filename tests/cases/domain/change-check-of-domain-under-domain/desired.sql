CREATE DOMAIN natural_number AS integer CONSTRAINT at_least CHECK (VALUE > 0);
CREATE DOMAIN port AS natural_number CONSTRAINT port_range CHECK (VALUE < 65536);
CREATE TABLE listener (port port PRIMARY KEY);
