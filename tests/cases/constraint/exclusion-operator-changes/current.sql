CREATE TABLE circle_of (c circle, CONSTRAINT apart EXCLUDE USING gist (c WITH &&));
