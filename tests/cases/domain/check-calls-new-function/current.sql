CREATE DOMAIN iban AS text;
CREATE TABLE bank_account (iban iban PRIMARY KEY);
