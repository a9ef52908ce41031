create type e as enum ('a','b','c');
create domain d as e;
create type r as range (subtype = integer);
create type c as (a e);
create table t (x e, y d, z c);
create table j (i integer not null, l integer generated always as identity);
create view v as select x from t;
create function f(e) returns integer language sql as 'select 1';
