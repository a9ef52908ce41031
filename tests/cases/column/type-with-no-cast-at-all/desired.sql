-- There is no cast from integer to uuid, and none back: USING has to be invented, or the column replaced.
CREATE TABLE device (id integer PRIMARY KEY, token uuid);
