INSERT INTO parcel VALUES (1, 'a', 'north', 1), (2, 'b', 'south', 2);
