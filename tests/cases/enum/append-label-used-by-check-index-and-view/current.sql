CREATE TYPE level AS ENUM ('low', 'high');
CREATE TABLE alert (id integer PRIMARY KEY, level level, note text);
