-- When the client of a run gave up, while the server went on with what it had begun.

alter table migrator.runs add column left_at timestamptz;

comment on column migrator.runs.left_at is 'When the client gave up for lack of time. What it had begun outside a transaction goes on in the server.';
