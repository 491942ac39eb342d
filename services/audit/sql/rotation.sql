-- name: list_reports_to_rotate
select report_id as id, subject_key, subject_key_version, subject_encrypted
from error_report
where ($1::uuid is null or report_id > $1) and subject_key_version <> $2
order by report_id
limit $3;

-- name: rotate_reports!
-- What was rewritten meanwhile has another version, and stays as it is.
update error_report
set subject_key = n.key, subject_key_version = n.version, subject_encrypted = n.encrypted
from unnest($1::uuid[], $2::smallint[], $3::bytea[], $4::smallint[], $5::bytea[])
  as n (id, was, key, version, encrypted)
where report_id = n.id and subject_key_version = n.was;

-- name: list_decisions_to_rotate
select decision_id as id, subject_key, subject_key_version, subject_encrypted, content_key_version, content
from decision
where ($1::uuid is null or decision_id > $1) and (subject_key_version <> $2 or content_key_version <> $2)
order by decision_id
limit $3;

-- name: rotate_decisions!
update decision
set subject_key = n.key, subject_key_version = n.version, subject_encrypted = n.encrypted,
  content_key_version = n.version, content = n.content
from unnest($1::uuid[], $2::smallint[], $3::bytea[], $4::smallint[], $5::bytea[], $6::bytea[])
  as n (id, was, key, version, encrypted, content)
where decision_id = n.id and subject_key_version = n.was;

-- name: list_replacements_to_rotate
select event_id as id, old_key, old_key_version, old_encrypted, new_key, new_key_version, new_encrypted
from replacement
where ($1::uuid is null or event_id > $1) and (old_key_version <> $2 or new_key_version <> $2)
order by event_id
limit $3;

-- name: rotate_replacements!
update replacement
set old_key = n.old_key, old_key_version = n.version, old_encrypted = n.old_encrypted,
  new_key = n.new_key, new_key_version = n.version, new_encrypted = n.new_encrypted
from unnest(
    $1::uuid[], $2::smallint[], $3::bytea[], $4::smallint[], $5::bytea[], $6::bytea[], $7::bytea[]
  ) as n (id, was, old_key, version, old_encrypted, new_key, new_encrypted)
where event_id = n.id and replacement.old_key_version = n.was;

-- name: count_under_other_secrets
-- Everything outside the log that needs another version than one.
select
  (select count(*) from error_report where subject_key_version <> $1)
  + (select count(*) from decision where subject_key_version <> $1 or content_key_version <> $1)
  + (select count(*) from replacement where old_key_version <> $1 or new_key_version <> $1);
