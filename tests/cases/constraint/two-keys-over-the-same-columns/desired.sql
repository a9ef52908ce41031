CREATE TABLE account (id integer NOT NULL, code text NOT NULL);
ALTER TABLE account ADD CONSTRAINT account_code_key UNIQUE (code);
ALTER TABLE account ADD CONSTRAINT account_code_too UNIQUE (code);
CREATE TABLE invoice (id integer NOT NULL, number text, year integer);
ALTER TABLE invoice ADD CONSTRAINT invoice_pkey PRIMARY KEY (id);
ALTER TABLE invoice ADD CONSTRAINT invoice_id_key UNIQUE (id);
ALTER TABLE invoice ADD CONSTRAINT invoice_number_key UNIQUE (number) INCLUDE (year);
ALTER TABLE invoice ADD CONSTRAINT invoice_number_too UNIQUE (number) INCLUDE (year);
