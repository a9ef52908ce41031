-- Which request a run answers, so that the same request, delivered twice, has one effect.

alter table migrator.runs add column request text;

comment on column migrator.runs.request is 'The idempotency key of the request: the caller''s, or the id that Lambda gave it.';

create index runs_by_request on migrator.runs (request) where request is not null;
