-- Renamed while it is not inherited yet.
CREATE TABLE p (a integer CONSTRAINT of_p NOT NULL);
CREATE TABLE c (a integer CONSTRAINT of_p NOT NULL) INHERITS (p);
