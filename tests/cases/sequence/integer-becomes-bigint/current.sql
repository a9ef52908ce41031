CREATE SEQUENCE invoice_number AS integer;
