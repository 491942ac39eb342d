-- name: find_digest
select version, digest from head;

-- name: find_head
select version, digest, content from head;

-- name: lock_head
select version, digest, content from head for update;

-- name: put_head!
update head set version = $1, digest = $2, content = $3;

-- name: find_acts
select act_id, sequence, content, state, prepared_by, prepared_at, decided_by, decided_at, recorded, version, failure
from act
where act_id = any ($1::uuid[])
order by sequence;

-- name: list_acts
select act_id, sequence, content, state, prepared_by, prepared_at, decided_by, decided_at, recorded, version, failure
from act
where sequence < $1
order by sequence desc
limit $2;

-- name: list_all_acts
select act_id, sequence, content, state, prepared_by, prepared_at, decided_by, decided_at, recorded, version, failure
from act
order by sequence;

-- name: list_prepared_acts
select act_id, sequence, content, state, prepared_by, prepared_at, decided_by, decided_at, recorded, version, failure
from act
where sequence < $1 and state = 'PREPARED' and state in ('PREPARED', 'APPROVED')
order by sequence desc
limit $2;

-- name: list_waiting_acts_about
select act_id, sequence, content, state, prepared_by, prepared_at, decided_by, decided_at, recorded, version, failure
from act
where state in ('PREPARED', 'APPROVED') and $1 = any (about)
order by sequence
limit 100;

-- name: list_unrecorded_acts
select act_id, sequence, content, state, prepared_by, prepared_at, decided_by, decided_at, recorded, version, failure
from act
where not recorded and state <> 'PREPARED'
order by sequence
limit $1;

-- name: put_act!
insert into act (
  act_id, sequence, content, about, state, prepared_by, prepared_at, decided_by, decided_at, recorded, version, failure
)
values (
  $1, (select coalesce(max(sequence), 0) + 1 from act), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
)
on conflict (act_id) do update
set state = excluded.state, decided_by = excluded.decided_by, decided_at = excluded.decided_at,
  recorded = excluded.recorded, version = excluded.version, failure = excluded.failure;

-- name: find_offices
select
  exists (select from act where prepared_by = $1) as has_prepared,
  exists (select from act where decided_by = $1 and prepared_by <> $1) as has_decided;
