CREATE TABLE coupon (id integer PRIMARY KEY, code text NOT NULL);
