-- How long each statement took: what somebody looks for who asks why a deploy was slow.

alter table migrator.statements add column took_ms bigint;

comment on column migrator.statements.took_ms is 'How long the try took that ended it, with what it waited for locks then.';

comment on column migrator.statements.waited_ms is 'How long it waited for locks, seen a few times a second, with the tries that gave way and the pauses between them.';
