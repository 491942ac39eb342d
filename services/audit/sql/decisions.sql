-- name: add_decision
insert into decision (decision_id, organization, subject_key, subject_key_version, subject_encrypted, content_key_version, content)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (decision_id) do nothing
returning decision_id;

-- name: find_decision
select sequence, decision_id, organization, subject_key, subject_key_version, subject_encrypted, content_key_version, content, recorded_at
from decision
where decision_id = $1;

-- name: list_decisions
select sequence, decision_id, organization, subject_key, subject_key_version, subject_encrypted, content_key_version, content, recorded_at
from decision
where subject_key = any($1::bytea[]) and sequence > $2
order by sequence
limit $3;
