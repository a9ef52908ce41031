-- PostgreSQL updates nothing that is published and cannot be told apart: there the table is written anew.
CREATE TABLE keyed (id integer PRIMARY KEY, r double precision DEFAULT random());
CREATE TABLE bare (id integer, r double precision DEFAULT random());
CREATE TABLE silent (id integer PRIMARY KEY, r double precision DEFAULT random());
ALTER TABLE silent REPLICA IDENTITY NOTHING;
CREATE TABLE late (id integer PRIMARY KEY DEFERRABLE, r double precision DEFAULT random());
CREATE PUBLICATION everything FOR ALL TABLES;
