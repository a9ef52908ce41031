-- The journal of what migrator did to this database. Safe to read; not part of the application's schema.

comment on schema migrator is 'The journal of migrator: which run executed which statement. Not part of the application.';

create table migrator.runs (
    id text primary key,
    started timestamptz not null default clock_timestamp(),
    finished timestamptz,
    outcome text check (outcome in ('done', 'failed', 'interrupted')),
    invoked_by text,
    plan_hash text not null,
    statements integer not null,
    application_name text not null,
    host text,
    process bigint,
    backend integer not null default pg_backend_pid(),
    revision bigint,
    error_code text,
    error text,
    check ((finished is null) = (outcome is null))
);

comment on table migrator.runs is 'One attempt at applying a plan. A run without an outcome goes on, or its process died.';

create index runs_open on migrator.runs (started) where finished is null;

create table migrator.statements (
    run text not null references migrator.runs on delete cascade,
    position integer not null,
    batch integer not null,
    object text not null,
    sql text not null,
    status text not null check (status in ('started', 'done', 'failed', 'in_doubt')),
    started timestamptz not null,
    finished timestamptz,
    attempts integer not null default 1,
    waited_ms bigint not null default 0,
    sqlstate text,
    error text,
    primary key (run, position)
);

comment on table migrator.statements is 'A statement of a run. What ran in a transaction stands here only if the transaction was committed, or failed.';
