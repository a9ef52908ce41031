create table customer (id integer not null);
