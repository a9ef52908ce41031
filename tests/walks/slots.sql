-- What the random schemas of tests/walks.rs are made of. A slot is `=== name`, a variant `--- needs slot=1,2 slot; since 15`
-- with its SQL; names in braces become plain or hostile ones. A slot needs only slots that stand before it.

=== schema
---
create schema {s};
---
create schema {s}; comment on schema {s} is 'a; b -- c';

=== other_schema
---
create schema {o};

=== collation
--- needs schema
create collation {s}.{coll} (locale = 'C');
--- needs schema
create collation {s}.{coll} (provider = icu, locale = 'und', deterministic = false);

=== mood
--- needs schema
create type {s}.{mood} as enum ('sad', 'ok');
--- needs schema
create type {s}.{mood} as enum ('sad', 'so so', 'ok', 'it''s');
--- needs schema
create type {s}.{mood} as enum ('ok', 'sad');

=== pair
--- needs schema
create type {s}.{pair} as (a int, b text);
--- needs schema
create type {s}.{pair} as (a bigint, b text, c date);
--- needs schema mood
create type {s}.{pair} as (b text, m {s}.{mood});

=== email
--- needs schema
create domain {s}.{email} as text;
--- needs schema
create domain {s}.{email} as text default 'x@y' check (value like '%@%');
--- needs schema
create domain {s}.{email} as varchar(80) not null constraint {longer} check (length(value) > 2);

=== span
--- needs schema
create type {s}.{span} as range (subtype = int);
--- needs schema
create type {s}.{span} as range (subtype = timestamptz, multirange_type_name = {s}.{spans});

=== counter
--- needs schema
create sequence {s}.{counter};
--- needs schema
create sequence {s}.{counter} as int increment 5 maxvalue 5000 cycle cache 3;

=== twice
--- needs schema
create function {s}.{twice}(n int) returns int language sql immutable as 'select n * 2';
--- needs schema
create function {s}.{twice}(n int, plus int default 1) returns int language sql immutable as 'select n * 2 + plus';
--- needs schema
create function {s}.{twice}(n int) returns bigint language plpgsql immutable strict parallel safe cost 5 as $f$begin return n * 2; end;$f$;
--- needs schema
create function {s}.{twice}(n int) returns int language sql immutable begin atomic select n * 2; end;

=== describe
--- needs mood
create function {s}.{describe}(m {s}.{mood}) returns text language sql stable as 'select m::text';
--- needs pair
create function {s}.{describe}(p {s}.{pair}) returns setof {s}.{pair} language sql stable security definer set search_path to '' as 'select p';

=== joined
--- needs schema
create aggregate {s}.{joined}(text) (sfunc = textcat, stype = text, initcond = '');

=== act
--- needs schema
create procedure {s}.{act}(n int) language plpgsql as 'begin null; end';

=== t
--- needs schema
create table {s}.{t} (id int);
--- needs schema
create unlogged table {s}.{t} (id int) with (fillfactor = 70);
--- needs schema
create table {s}.{t} (id bigint) with (autovacuum_enabled = off);

=== t_text
--- needs t
alter table {s}.{t} add {label} text;
--- needs t
alter table {s}.{t} add {label} varchar(20) not null default 'x';
--- needs t collation
alter table {s}.{t} add {label} text collate {s}.{coll};
--- needs t email
alter table {s}.{t} add {label} {s}.{email};

=== t_mood
--- needs t mood
alter table {s}.{t} add {feel} {s}.{mood};
--- needs t mood
alter table {s}.{t} add {feel} {s}.{mood} not null default 'ok';
--- needs t mood
alter table {s}.{t} add {feel} {s}.{mood}[];

=== t_number
--- needs t
alter table {s}.{t} add {number} int default 7;
--- needs t
alter table {s}.{t} add {number} numeric(10, 2);
--- needs t counter
alter table {s}.{t} add {number} bigint default nextval($n${s}.{counter}$n$);
--- needs t
alter table {s}.{t} add {number} smallint default -1 check ({number} < 9);
--- needs t
alter table {s}.{t} add {number} serial;
--- needs t twice=1,4
alter table {s}.{t} add {number} int generated always as ({s}.{twice}(3)) stored;

=== t_span
--- needs t span
alter table {s}.{t} add {during} {s}.{span};

=== t_settings
--- needs t_text
alter table {s}.{t} alter {label} set storage external, alter {label} set statistics 50;
--- needs t
alter table {s}.{t} replica identity full;
--- needs t
alter table {s}.{t} enable row level security, force row level security;

=== t_key
--- needs t
alter table {s}.{t} add constraint {tkey} primary key (id);
--- needs t t_number=1,3,4,5
alter table {s}.{t} add constraint {tkey} unique (id, {number});
--- needs t
alter table {s}.{t} add constraint {tkey} unique (id) deferrable initially deferred;
--- needs t; since 15
alter table {s}.{t} add constraint {tkey} unique nulls not distinct (id) with (fillfactor = 60);

=== t_check
--- needs t
alter table {s}.{t} add constraint {sane} check (id > 0);
--- needs t
alter table {s}.{t} add constraint {sane} check (id > 0) not valid;
--- needs t twice=1,3,4
alter table {s}.{t} add constraint {sane} check ({s}.{twice}(id::int) > 0) no inherit;
--- needs t t_mood=1,2
alter table {s}.{t} add constraint {sane} check ({feel} <> 'sad');

=== t_index
--- needs t
create index {byid} on {s}.{t} (id desc);
--- needs t t_text=1,2,4
create index {byid} on {s}.{t} (lower({label})) where id > 5;
--- needs t
create index {byid} on {s}.{t} using hash (id) with (fillfactor = 60);
--- needs t t_mood=1,2
create unique index {byid} on {s}.{t} (id, {feel} desc nulls last) include (id);
--- needs t twice=1,4
create index {byid} on {s}.{t} ({s}.{twice}(id::int));

=== t_cluster
--- needs t_index=1,4
alter table {s}.{t} cluster on {byid};

=== t_statistics
--- needs t t_number=1,2,3,4,5
create statistics {s}.{stats} on id, {number} from {s}.{t};
--- needs t t_number=1,2,3,4,5
create statistics {s}.{stats} (ndistinct) on id, {number} from {s}.{t}; alter statistics {s}.{stats} set statistics 10;
--- needs t
create statistics {s}.{stats} on (id % 7), (id % 3) from {s}.{t};

=== child
--- needs t
create table {s}.{child} (own text) inherits ({s}.{t});
=== alike
--- needs t
create table {s}.{alike} (like {s}.{t} including all);

=== ref
--- needs t_key=1,4 t=1,3
create table {s}.{ref} (t_id bigint references {s}.{t} (id), note text);
--- needs t_key=1,4 t=1,3
create table {s}.{ref} (t_id bigint constraint {link} references {s}.{t} (id) on delete cascade deferrable, note text not null);
--- needs schema
create table {s}.{ref} (t_id bigint, note text);

=== ref_identity
--- needs ref
alter table {s}.{ref} add {serial} int generated by default as identity (start 5);
--- needs ref
alter table {s}.{ref} add {serial} bigint generated always as identity;
--- needs ref
alter table {s}.{ref} add {serial} int not null default 3;

=== parts
--- needs schema
create table {s}.{parts} (at date not null, region text, n int) partition by range (at);
--- needs schema
create table {s}.{parts} (at date not null, region text, n int, primary key (at)) partition by range (at);
--- needs schema
create table {s}.{parts} (at date, region text, n int) partition by list (region);

=== part_one
--- needs parts=1,2
create table {s}.{one} partition of {s}.{parts} for values from ('2024-01-01') to ('2025-01-01');
--- needs parts=1,2
create table {s}.{one} partition of {s}.{parts} for values from ('2024-01-01') to ('2024-07-01');
--- needs parts=3
create table {s}.{one} partition of {s}.{parts} for values in ('eu', 'us');
--- needs parts=1,3
create table {s}.{one} (at date not null, region text, n int);

=== part_rest
--- needs parts
create table {s}.{rest} partition of {s}.{parts} default;

=== parts_index
--- needs parts
create index {partsn} on {s}.{parts} (n);
--- needs parts
create index {partsn} on {s}.{parts} (n, region) where n > 1;

=== v
--- needs t
create view {s}.{v} as select id from {s}.{t};
--- needs t t_text
create view {s}.{v} with (security_barrier) as select id, {label} from {s}.{t} where id > 3 with check option;
--- needs t t_mood=1,2
create view {s}.{v} as select {feel} as id, count(*) as n from {s}.{t} group by {feel};
--- needs t twice=1,4
create view {s}.{v} as select {s}.{twice}(id::int) as id from {s}.{t};

=== v2
--- needs v
create view {s}.{v2} as select x.id, 'v; --' as note from {s}.{v} x;
--- needs v t
create view {s}.{v2} as select a.id as one, b.id as two from {s}.{v} a cross join {s}.{t} b;

=== m
--- needs v
create materialized view {s}.{m} as select id from {s}.{v};
--- needs t
create materialized view {s}.{m} as select id, count(*) as n from {s}.{t} group by id with no data;

=== m_index
--- needs m
create index {mid} on {s}.{m} (id);

=== trigger_function
--- needs schema
create function {s}.{fire}() returns trigger language plpgsql as 'begin return new; end';

=== trigger
--- needs trigger_function t
create trigger {bang} before insert or update on {s}.{t} for each row execute function {s}.{fire}();
--- needs trigger_function t
create trigger {bang} after update of id on {s}.{t} for each row when (old.id is distinct from new.id) execute function {s}.{fire}('a', 'b');
--- needs trigger_function t
create constraint trigger {bang} after insert on {s}.{t} deferrable for each row execute function {s}.{fire}(); alter table {s}.{t} disable trigger {bang};
--- needs trigger_function parts
create trigger {bang} after insert on {s}.{parts} for each row execute function {s}.{fire}();

=== policy
--- needs t
create policy {mine} on {s}.{t} using (id > 0);
--- needs t
create policy {mine} on {s}.{t} as restrictive for select to app_reader, app_writer using (id < 10);
--- needs t t_text
create policy {mine} on {s}.{t} for insert to app_writer with check ({label} <> '');

=== rule
--- needs ref
create rule {quiet} as on delete to {s}.{ref} where old.note = 'x' do instead nothing;
--- needs ref t
create rule {quiet} as on insert to {s}.{ref} do also (select 1 from {s}.{t}; select 2);

=== comments
--- needs t
comment on table {s}.{t} is 'it''s $$ a \ table'; comment on column {s}.{t}.id is 'key';
--- needs twice=1,3,4
comment on function {s}.{twice}(int) is 'doubles';
--- needs t_key
comment on constraint {tkey} on {s}.{t} is 'the key';
--- needs v
comment on view {s}.{v} is 'seen'; comment on column {s}.{v}.id is 'x';
--- needs mood
comment on type {s}.{mood} is 'how one feels';

=== grants
--- needs t
grant select, insert on {s}.{t} to app_reader; grant update (id) on {s}.{t} to app_writer with grant option;
--- needs schema
grant usage on schema {s} to public;
--- needs twice=1,3,4
revoke execute on function {s}.{twice}(int) from public;
--- needs v
grant select on {s}.{v} to app_reader with grant option;
--- needs counter
grant usage on sequence {s}.{counter} to app_writer;
--- needs mood
revoke usage on type {s}.{mood} from public;

=== owners
--- needs t
alter table {s}.{t} owner to app_owner;
--- needs v
alter view {s}.{v} owner to app_owner; grant usage on schema {s} to app_owner; grant select on all tables in schema {s} to app_owner; grant execute on all functions in schema {s} to app_owner;
--- needs twice=1,3,4
alter function {s}.{twice}(int) owner to app_owner;
--- needs schema
alter schema {s} owner to app_owner;

=== cast
--- needs mood schema
create function {s}.{tomood}(n int) returns {s}.{mood} language sql immutable as $f$select 'ok'::{s}.{mood}$f$;
create cast (int as {s}.{mood}) with function {s}.{tomood}(int);
--- needs pair mood
create cast ({s}.{mood} as {s}.{pair}) with inout as assignment;

=== operator
--- needs schema
create operator {s}.=== (function = int4eq, leftarg = int, rightarg = int);
--- needs schema
create operator {s}.=== (function = int4eq, leftarg = int, rightarg = int, commutator = operator({s}.===), restrict = eqsel, join = eqjoinsel, merges);

=== operator_class
--- needs operator schema
create operator class {s}.{intops} for type int using hash as operator 1 {s}.===, function 1 hashint4(int);

=== dictionary
--- needs schema
create text search dictionary {s}.{dict} (template = simple, accept = false);
--- needs schema
create text search dictionary {s}.{dict} (template = simple, stopwords = english);

=== search
--- needs schema
create text search configuration {s}.{search} (copy = simple);
--- needs dictionary
create text search configuration {s}.{search} (parser = "default");
alter text search configuration {s}.{search} add mapping for asciiword, word with {s}.{dict}, simple;

=== wrapper
---
create foreign data wrapper {wrapper};
---
create foreign data wrapper {wrapper} options (debug 'true'); comment on foreign data wrapper {wrapper} is 'w';

=== server
--- needs wrapper
create server {server} foreign data wrapper {wrapper};
--- needs wrapper
create server {server} type 'x' version '2' foreign data wrapper {wrapper} options (host 'h;--', port '1');

=== mapping
--- needs server
create user mapping for public server {server} options (user 'u', password 'p''w');
--- needs server
create user mapping for app_reader server {server};

=== foreign
--- needs server schema
create foreign table {s}.{far} (id int options (x 'y'), label text not null) server {server} options (a 'b');
--- needs server schema mood
create foreign table {s}.{far} (id bigint, label {s}.{mood} default 'ok', check (id > 0)) server {server};

=== publication
--- needs t=1,3
create publication {pub} for table {s}.{t};
--- needs t=1,3; since 15
create publication {pub} for table {s}.{t} where (id > 5) with (publish = 'insert');
--- needs schema; since 15
create publication {pub} for tables in schema {s};
---
create publication {pub} for all tables with (publish_via_partition_root = true);

=== subscription
---
create subscription {sub} connection 'host=h password=secret' publication p with (connect = false, slot_name = none);
---
create subscription {sub} connection 'host=h2' publication p, q with (connect = false, slot_name = 'slot', binary = true);

=== default_privileges
---
alter default privileges grant select on tables to app_reader;
---
alter default privileges revoke execute on functions from public; alter default privileges for role app_owner grant usage on sequences to app_reader;
--- needs schema
alter default privileges in schema {s} grant usage on types to app_writer; alter default privileges in schema {s} grant select, insert on tables to app_writer with grant option;

=== conversion
--- needs schema
create conversion {s}.{conv} for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
--- needs schema
create default conversion {s}.{conv} for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;

=== extension
---
create extension hstore;
--- needs other_schema
create extension citext schema {o};

=== uses_extension
--- needs extension=1 schema
create table {s}.{bag} (h public.hstore, i int);
create index {bagi} on {s}.{bag} using gist (h);
--- needs extension=2 schema
create table {s}.{bag} (h {o}.citext unique, i int);

=== goes_with_extension
--- needs extension=1 trigger_function
alter function {s}.{fire}() depends on extension hstore;
--- needs extension=2 trigger=1,2
alter trigger {bang} on {s}.{t} depends on extension citext;

=== event_trigger
--- needs schema
create function {s}.{ddl}() returns event_trigger language plpgsql as 'begin end'; create event trigger {watch} on ddl_command_end when tag in ('CREATE CAST') execute function {s}.{ddl}();
