CREATE TABLE person (id integer PRIMARY KEY, passport bigint);
CREATE TABLE passport (id bigint PRIMARY KEY);
ALTER TABLE person ADD CONSTRAINT owner_fk FOREIGN KEY (passport) REFERENCES passport;
