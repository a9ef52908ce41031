CREATE TABLE orders (id integer PRIMARY KEY, region text NOT NULL, note text);
CREATE TABLE items (id integer PRIMARY KEY, price numeric);
