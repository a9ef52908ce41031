-- Which request a run answers, so that the same request, delivered twice, has one effect.

alter table migrator.runs add column request text;

comment on column migrator.runs.request is 'The idempotency key of the request (the caller''s, or the id that Lambda gave it), and a hash of what was asked under it.';
