CREATE EXTENSION postgres_fdw;
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'b', fetch_size '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user 'me', password_required 'true', password 'x');
CREATE FOREIGN TABLE t (id bigint OPTIONS (column_name 'ID'), name text) SERVER s OPTIONS (table_name 'elsewhere', updatable 'false');
