CREATE TABLE trip (id integer PRIMARY KEY, km numeric NOT NULL, miles numeric GENERATED ALWAYS AS (km * 0.621371) VIRTUAL, far boolean GENERATED ALWAYS AS (km > 1000) VIRTUAL);
