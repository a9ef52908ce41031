-- The shop as the developers have it: what prod shall become.
CREATE TYPE purchase_status AS ENUM ('open', 'paid', 'shipped', 'refunded');

CREATE TABLE customer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE,
    name text NOT NULL,
    phone text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    newsletter boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE customer IS 'Who buys';

CREATE TABLE product (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku text NOT NULL UNIQUE,
    title text NOT NULL,
    description text,
    price numeric(10, 2) NOT NULL CHECK (price >= 0),
    stock integer NOT NULL DEFAULT 0,
    changed_at timestamptz
);

CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_at := now();
    RETURN NEW;
END
$$;
CREATE TRIGGER note_change BEFORE UPDATE ON product FOR EACH ROW EXECUTE FUNCTION note_change();

CREATE TABLE coupon (
    code text PRIMARY KEY,
    percent integer NOT NULL CHECK (percent BETWEEN 1 AND 90),
    valid_until date
);
COMMENT ON TABLE coupon IS 'A discount, by its code';

CREATE TABLE purchase (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customer,
    status purchase_status NOT NULL DEFAULT 'open',
    placed_at timestamptz NOT NULL DEFAULT now(),
    coupon_code text REFERENCES coupon
);
CREATE INDEX purchase_by_customer ON purchase (customer_id, placed_at DESC);

CREATE TABLE purchase_line (
    purchase_id bigint NOT NULL REFERENCES purchase,
    product_id bigint NOT NULL REFERENCES product,
    quantity integer NOT NULL CHECK (quantity > 0),
    price numeric(10, 2) NOT NULL,
    PRIMARY KEY (purchase_id, product_id)
);

CREATE TABLE review (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL REFERENCES product,
    customer_id bigint NOT NULL REFERENCES customer,
    stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    body text,
    UNIQUE (product_id, customer_id)
);

CREATE VIEW purchase_total AS
    SELECT p.id, p.customer_id, p.status, sum(l.quantity * l.price) AS total
    FROM purchase p JOIN purchase_line l ON l.purchase_id = p.id
    WHERE p.status <> 'refunded'
    GROUP BY p.id;

CREATE VIEW customer_revenue AS
    SELECT c.id, c.email, coalesce(sum(t.total), 0) AS revenue
    FROM customer c LEFT JOIN purchase_total t ON t.customer_id = c.id
    GROUP BY c.id;
COMMENT ON VIEW customer_revenue IS 'Read by the monthly report';
