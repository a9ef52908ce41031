-- Several labels are added one after the other: each BEFORE/AFTER must name a label that is there by then.
CREATE TYPE size AS ENUM ('xxs', 'xs', 's', 'm', 'ml', 'l', 'xl', 'xxl');
CREATE TABLE shirt (id integer PRIMARY KEY, size size);
CREATE INDEX shirt_size ON shirt (size);
