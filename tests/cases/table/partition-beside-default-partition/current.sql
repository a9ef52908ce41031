CREATE TABLE payment (id integer, at date) PARTITION BY RANGE (at);
CREATE TABLE payment_default PARTITION OF payment DEFAULT;
