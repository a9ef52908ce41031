-- An explicit cast in USING would cut off silently what does not fit; the implicit one fails.
CREATE TABLE airport (code varchar(3) PRIMARY KEY, city varchar(40));
