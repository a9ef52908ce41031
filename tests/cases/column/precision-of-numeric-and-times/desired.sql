CREATE TABLE fare (id integer PRIMARY KEY, amount numeric(12,2), seen timestamp(6), span interval, tail bit(4), flags varbit);
