-- Dropping the key leaves its column NOT NULL.
CREATE TABLE import (id integer, line text);
