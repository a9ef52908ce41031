-- A column used by a generated one cannot change type: the generated column goes, with its index, and comes back.
CREATE TABLE line (id integer PRIMARY KEY, price bigint NOT NULL, quantity integer NOT NULL, total bigint GENERATED ALWAYS AS (price * quantity) STORED);
CREATE INDEX line_total ON line (total);
