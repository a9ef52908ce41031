CREATE TABLE address (id integer PRIMARY KEY, zip bigint, city text);
CREATE STATISTICS address_zip_city (dependencies, ndistinct) ON zip, city FROM address;
CREATE STATISTICS address_zip_block ON (zip / 1000) FROM address;
ALTER STATISTICS address_zip_city SET STATISTICS 400;
