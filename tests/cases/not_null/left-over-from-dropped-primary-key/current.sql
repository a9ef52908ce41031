CREATE TABLE import (id integer PRIMARY KEY, line text);
