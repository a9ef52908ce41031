CREATE TABLE fare (id integer PRIMARY KEY, amount numeric(8,2), seen timestamp(0), span interval day to second(3), tail bit(4), flags varbit(8));
