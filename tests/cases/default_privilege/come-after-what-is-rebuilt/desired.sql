-- Nothing of it is made under the new default privileges.
create type e as enum ('c','a');
create domain d as e;
create type r as range (subtype = bigint);
create type c as (a e);
create table t (x e, y d, z c);
create table j (i integer generated always as identity, l bigint generated always as identity);
create view v as select x from t;
create function f(e) returns integer language sql as 'select 1';
alter default privileges grant usage on types to app_reader;
alter default privileges revoke usage on types from public;
alter default privileges grant usage on sequences to app_reader;
alter default privileges grant execute on functions to app_reader;
alter default privileges in schema public grant select on tables to app_reader;
