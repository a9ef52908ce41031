create table customer (id integer not null);
alter table customer rename to buyer;
