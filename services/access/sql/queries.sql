-- name: get_revision
select ordinal from revision;

-- name: list_standings
select number, version, standing, enacted from deliberation order by number, version;

-- name: list_texts
select number, version, standing, enacted, body
from deliberation
join unnest($1::text[], $2::int[]) as wanted (number, version) using (number, version);

-- name: list_accessions
select number, recipient, valid_from, valid_until, regulation
from accession order by number, recipient, valid_from;

-- name: lock_deliberations
-- One writer of texts at a time; readers are not kept waiting.
select pg_advisory_xact_lock(hashtext('deliberations'));

-- name: find_altered
-- Versions that are stored with another text than the given one.
select given.number, given.version
from unnest($1::text[], $2::int[], $3::text[]) as given (number, version, digest)
join deliberation using (number, version)
where deliberation.digest <> given.digest
order by 1, 2;

-- name: find_owned
-- Legal contexts that belong to another deliberation than the given one.
select given.legal_context
from unnest($1::text[], $2::text[]) as given (legal_context, number)
join legal_context using (legal_context)
where legal_context.number <> given.number
order by 1;

-- name: add_deliberations
-- What is there stays as it stands: only operators move it on.
insert into deliberation
  (number, version, standing, enacted, moved_by, valid_from, valid_until, digest, body)
select * from unnest(
  $1::text[], $2::int[], $3::text[], $4::bool[], $5::text[], $6::date[], $7::date[], $8::text[],
  $9::jsonb[]
)
on conflict (number, version) do nothing
returning number;

-- name: own_legal_contexts
insert into legal_context (legal_context, number)
select distinct * from unnest($1::text[], $2::text[])
on conflict (legal_context) do nothing
returning legal_context;

-- name: add_accessions
-- What is there stays as it stands: only operators give it an end.
insert into accession (number, recipient, valid_from, valid_until, regulation)
select distinct * from unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[])
on conflict (number, recipient, valid_from) do nothing
returning recipient;
