CREATE TABLE line (id integer PRIMARY KEY, price integer NOT NULL, quantity integer NOT NULL, total integer GENERATED ALWAYS AS (price * quantity) STORED);
CREATE INDEX line_total ON line (total);
