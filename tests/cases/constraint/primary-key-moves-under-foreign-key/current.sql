CREATE TABLE currency (id integer CONSTRAINT currency_pkey PRIMARY KEY, code char(3) NOT NULL CONSTRAINT currency_code UNIQUE);
CREATE TABLE price (amount numeric, currency integer CONSTRAINT price_currency REFERENCES currency (id));
