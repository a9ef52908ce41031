CREATE SCHEMA stats;
CREATE TABLE address (id integer PRIMARY KEY, zip integer, city text, street text);
CREATE STATISTICS address_zip_city ON zip, city FROM address;
