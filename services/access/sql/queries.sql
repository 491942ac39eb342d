-- name: get_revision
select changed_in::text from revision;

-- name: list_deliberations
select number, version, standing, body from deliberation order by number, version;

-- name: list_accessions
select number, recipient, valid_from, valid_until, regulation
from accession order by number, recipient, valid_from;

-- name: lock_deliberations
-- One load at a time; readers are not kept waiting.
lock table deliberation in share row exclusive mode;

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

-- name: enact_deliberations
insert into deliberation (number, version, standing, valid_from, valid_until, digest, body)
select * from unnest(
  $1::text[], $2::int[], $3::text[], $4::date[], $5::date[], $6::text[], $7::jsonb[]
)
on conflict (number, version) do update set standing = excluded.standing
where deliberation.standing <> excluded.standing
returning number;

-- name: own_legal_contexts
insert into legal_context (legal_context, number)
select distinct * from unnest($1::text[], $2::text[])
on conflict (legal_context) do nothing
returning legal_context;

-- name: accede
-- An accession that was public is never erased: it is given an end.
insert into accession (number, recipient, valid_from, valid_until, regulation)
select distinct * from unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[])
on conflict (number, recipient, valid_from) do update
set valid_until = excluded.valid_until, regulation = excluded.regulation
where (accession.valid_until, accession.regulation)
  is distinct from (excluded.valid_until, excluded.regulation)
returning recipient;

-- name: list_organizations
select cbe_number, name, sector, institution, public_key_sha256, manages
from organization order by cbe_number;

-- name: put_organization
-- An organization that is there is replaced as a whole; one that is the same is not touched.
insert into organization (cbe_number, name, sector, institution, public_key_sha256, manages)
values ($1, $2, $3, $4, $5, $6)
on conflict (cbe_number) do update set
  name = excluded.name,
  sector = excluded.sector,
  institution = excluded.institution,
  public_key_sha256 = excluded.public_key_sha256,
  manages = excluded.manages
where (organization.name, organization.sector, organization.institution,
       organization.public_key_sha256, organization.manages)
  is distinct from (excluded.name, excluded.sector, excluded.institution,
       excluded.public_key_sha256, excluded.manages);
