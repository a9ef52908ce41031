INSERT INTO parcel VALUES (1, 250), (2, 3);
