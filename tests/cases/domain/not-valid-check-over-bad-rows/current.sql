CREATE DOMAIN zip AS text;
CREATE TABLE address (id integer PRIMARY KEY, zip zip);
