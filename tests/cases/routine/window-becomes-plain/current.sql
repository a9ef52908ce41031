CREATE FUNCTION o() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
