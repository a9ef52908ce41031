CREATE TABLE trip (id integer PRIMARY KEY, km numeric NOT NULL, miles numeric GENERATED ALWAYS AS (km * 0.62) VIRTUAL);
