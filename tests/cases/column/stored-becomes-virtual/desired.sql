CREATE TABLE cart_line (id integer PRIMARY KEY, price integer, quantity integer, total integer GENERATED ALWAYS AS (price * quantity) VIRTUAL);
