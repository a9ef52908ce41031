CREATE EXTENSION postgres_fdw;
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'a', use_remote_estimate 'true');
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user 'me', password_required 'false');
CREATE FOREIGN TABLE t (id integer, name text) SERVER s OPTIONS (table_name 'elsewhere');
