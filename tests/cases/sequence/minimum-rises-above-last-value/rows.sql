INSERT INTO customer SELECT nextval('customer_number') FROM generate_series(1, 3);
