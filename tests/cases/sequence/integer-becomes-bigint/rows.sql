SELECT nextval('invoice_number') FROM generate_series(1, 20);
