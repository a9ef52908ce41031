CREATE TABLE sale (id integer PRIMARY KEY, day date, amount numeric);
CREATE VIEW daily AS SELECT day, sum(amount) AS total FROM sale GROUP BY day;
CREATE VIEW best AS SELECT max(total) AS total FROM daily;
GRANT SELECT ON daily TO app_reader;
