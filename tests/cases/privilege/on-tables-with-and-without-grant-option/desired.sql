-- Taking the grant option alone is REVOKE GRANT OPTION FOR; revoking the privilege would interrupt the reader.
CREATE TABLE a (id integer);
CREATE TABLE b (id integer);
GRANT SELECT ON a TO app_writer WITH GRANT OPTION;
GRANT INSERT, TRUNCATE, REFERENCES ON a TO app_reader;
GRANT SELECT ON b TO app_reader;
