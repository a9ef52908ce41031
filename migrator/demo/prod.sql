-- The shop as it runs today, with its rows.
CREATE TYPE purchase_status AS ENUM ('open', 'paid', 'shipped');

CREATE TABLE customer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    phone text,
    fax text,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE customer IS 'Who buys';

CREATE TABLE product (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku text NOT NULL UNIQUE,
    title text NOT NULL,
    descr text,
    price numeric(10, 2) NOT NULL CHECK (price >= 0),
    stock integer NOT NULL DEFAULT 0
);

CREATE TABLE purchase (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL,
    status purchase_status NOT NULL DEFAULT 'open',
    placed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE purchase_line (
    purchase_id bigint NOT NULL REFERENCES purchase,
    product_id bigint NOT NULL REFERENCES product,
    quantity integer NOT NULL CHECK (quantity > 0),
    price numeric(10, 2) NOT NULL,
    PRIMARY KEY (purchase_id, product_id)
);

CREATE VIEW purchase_total AS
    SELECT p.id, p.customer_id, sum(l.quantity * l.price) AS total
    FROM purchase p JOIN purchase_line l ON l.purchase_id = p.id
    GROUP BY p.id;

CREATE VIEW customer_revenue AS
    SELECT c.id, c.email, coalesce(sum(t.total), 0) AS revenue
    FROM customer c LEFT JOIN purchase_total t ON t.customer_id = c.id
    GROUP BY c.id;
COMMENT ON VIEW customer_revenue IS 'Read by the monthly report';

INSERT INTO customer (email, name, phone, fax)
    SELECT 'customer' || i || '@example.com', 'Customer ' || i, '+1 555 ' || lpad(i::text, 4, '0'), '+1 556 ' || i
    FROM generate_series(1, 2000) i;
INSERT INTO product (sku, title, descr, price, stock)
    SELECT 'SKU-' || i, 'Product ' || i, 'What it is good for', 1 + (i * 37 % 9900) / 100.0, i % 50
    FROM generate_series(1, 300) i;
INSERT INTO purchase (customer_id, status, placed_at)
    SELECT 1 + i * 7919 % 2000, (ARRAY['open', 'paid', 'shipped'])[1 + i % 3]::purchase_status,
        timestamptz '2026-01-01 00:00+00' + i * interval '7 minutes'
    FROM generate_series(1, 8000) i;
INSERT INTO purchase_line (purchase_id, product_id, quantity, price)
    SELECT p, 1 + (p * 13 + line * 101) % 300, 1 + (p + line) % 4, 1 + ((p * 13 + line * 101) % 300 * 37 % 9900) / 100.0
    FROM generate_series(1, 8000) p, generate_series(1, 3) line;
ANALYZE;
