-- When the client of a run gave up, while the server went on with what it had begun; and which runs took others back.

alter table migrator.runs add column left_at timestamptz;

comment on column migrator.runs.left_at is 'When the client gave up for lack of time. What it had begun outside a transaction goes on in the server.';

alter table migrator.runs add column back_to bigint;

comment on column migrator.runs.back_to is 'Of a rollback: the first revision that it took back. What was asked for before may be asked for again afterwards.';
