CREATE SCHEMA app;
GRANT USAGE, CREATE ON SCHEMA app TO app_writer;
CREATE SEQUENCE app.s;
CREATE TABLE app.t (id serial);
GRANT ALL ON SEQUENCE app.s TO app_writer;
