-- The foreign key hangs on the exact index: it goes first and comes back on the new one.
CREATE TABLE currency (id integer NOT NULL CONSTRAINT currency_id UNIQUE, code char(3) CONSTRAINT currency_pkey PRIMARY KEY);
CREATE TABLE price (amount numeric, currency integer CONSTRAINT price_currency REFERENCES currency (id));
