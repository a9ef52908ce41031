-- 55P04: the label must be committed before the default can name it.
CREATE TYPE order_state AS ENUM ('new', 'paid', 'draft');
CREATE TABLE orders (id integer PRIMARY KEY, state order_state NOT NULL DEFAULT 'draft');
