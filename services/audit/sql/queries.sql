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
