CREATE TABLE lease (id integer CONSTRAINT id_required NOT NULL, tenant text NOT NULL);
