-- 18 keeps the name of a NOT NULL constraint; before, it is lost at creation.
CREATE TABLE lease (id integer CONSTRAINT lease_needs_id NOT NULL, tenant text CONSTRAINT tenant_required NOT NULL);
