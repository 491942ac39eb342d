-- What verification holds against the log.
-- name: sample_persons
-- Records with a person from both ends of a month.
(
  select sequence, record_id, subject_key, content from record
  where sequence >= $1 and sequence < $2 and subject_key is not null
  order by sequence limit $3
)
union all
(
  select sequence, record_id, subject_key, content from record
  where sequence >= $1 and sequence < $2 and subject_key is not null
  order by sequence desc limit $3
);

-- name: list_sealed_reports
select report_id as id, subject_key, subject_key_version, subject_encrypted
from error_report
where report_id > $1
order by report_id
limit $2;

-- name: list_sealed_decisions
select decision_id as id, subject_key, subject_key_version, subject_encrypted, content_key_version, content
from decision
where decision_id > $1
order by decision_id
limit $2;

-- name: list_sealed_replacements
select event_id as id, old_key, old_key_version, old_encrypted, new_key, new_key_version, new_encrypted
from replacement
where event_id > $1
order by event_id
limit $2;

-- name: list_reports_to_verify
select report_id as id, data_contract, source, reporter, legal_context, state
from error_report;

-- name: list_decisions_to_verify
select decision_id as id, organization
from decision;

-- name: list_alerts_to_verify
select alert_id as id, (select count(*) from alert_answer where alert_answer.alert_id = alert.alert_id) as answers
from alert;

-- name: list_notices_to_verify
select report_id as id, recipient, acknowledged_at is not null as is_acknowledged
from correction_notice;
