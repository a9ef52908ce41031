CREATE TABLE sale (id integer PRIMARY KEY, day date, amount numeric);
CREATE TABLE daily (day date PRIMARY KEY, total numeric);
CREATE VIEW best AS SELECT max(total) AS total FROM daily;
GRANT SELECT ON daily TO app_reader;
