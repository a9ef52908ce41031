CREATE TABLE event (id integer NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE event_2024 (id integer NOT NULL, at date NOT NULL);
