CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO app_writer, app_reader;
GRANT CREATE ON SCHEMA public TO PUBLIC;
CREATE SEQUENCE app.s;
CREATE TABLE app.t (id serial);
GRANT USAGE ON SEQUENCE app.s TO app_writer;
GRANT SELECT, UPDATE ON SEQUENCE app.t_id_seq TO app_reader;
