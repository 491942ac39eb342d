-- name: add_records
-- One array for each column; a record that is there already stays as it is.
insert into record (record_id, ticket, stage, subject_key, subject_key_version, subject_encrypted, content)
select * from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::bytea[], $5::smallint[], $6::bytea[], $7::bytea[])
on conflict (record_id) do nothing;

-- name: list_records_by_ticket
select sequence, content
from record
where ticket = $1 and sequence > $2
order by sequence
limit $3;

-- name: list_records_by_subject
select sequence, content
from record
where subject_key = any($1::bytea[]) and sequence > $2
order by sequence
limit $3;

-- name: add_replacement
insert into replacement (event_id, occurred_at, old_key, old_key_version, old_encrypted, new_key, new_key_version, new_encrypted)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (event_id) do nothing;

-- name: find_replacement
select event_id, occurred_at, old_key, old_key_version, old_encrypted, new_key, new_key_version, new_encrypted
from replacement
where event_id = $1;

-- name: list_replacements
-- Every replacement that one of the numbers had a part in, whatever the version of its key.
select event_id, occurred_at, old_key, old_key_version, old_encrypted, new_key, new_key_version, new_encrypted
from replacement
where old_key = any($1::bytea[]) or new_key = any($1::bytea[])
order by event_id
limit $2;
