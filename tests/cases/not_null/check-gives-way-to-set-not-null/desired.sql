-- SET NOT NULL first, while the check still spares the scan; then the check goes.
CREATE TABLE person (id integer PRIMARY KEY, name text NOT NULL);
