-- name: add_error_report
insert into error_report (report_id, subject_key, subject_key_version, subject_encrypted, data_contract, field_path, source, reporter, claim, evidence_reference, legal_context, due_date)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (report_id) do nothing
returning report_id;

-- name: find_error_report
select sequence, report_id, subject_key, subject_key_version, subject_encrypted, data_contract, field_path, source, reporter, claim, evidence_reference, legal_context, state, refusal_ground, reported_at, due_date, decided_at
from error_report
where report_id = $1;

-- name: list_error_reports_of_organization
-- Those addressed to it and those that it made, each in its own order; of a day, those that were due
-- before it.
select sequence, report_id, subject_key, subject_key_version, subject_encrypted, data_contract, field_path, source, reporter, claim, evidence_reference, legal_context, state, refusal_ground, reported_at, due_date, decided_at
from (
  (
    select *
    from error_report
    where source = $1
      and ($2::date is null or (due_date < $2 and state in (1, 2)))
      and sequence > $3
    order by source, sequence
    limit $4
  )
  union
  (
    select *
    from error_report
    where reporter = $1
      and ($2::date is null or (due_date < $2 and state in (1, 2)))
      and sequence > $3
    order by reporter, sequence
    limit $4
  )
) as either
order by sequence
limit $4;

-- name: list_error_reports_of_subject
select sequence, report_id, subject_key, subject_key_version, subject_encrypted, data_contract, field_path, source, reporter, claim, evidence_reference, legal_context, state, refusal_ground, reported_at, due_date, decided_at
from error_report
where subject_key = any($1::bytea[])
  and ($2::date is null or (due_date < $2 and state in (1, 2)))
  and sequence > $3
order by sequence
limit $4;

-- name: list_overdue_error_reports
select sequence, report_id, subject_key, subject_key_version, subject_encrypted, data_contract, field_path, source, reporter, claim, evidence_reference, legal_context, state, refusal_ground, reported_at, due_date, decided_at
from error_report
where due_date < $1 and state in (1, 2) and sequence > $2
order by sequence
limit $3;

-- name: count_overdue_error_reports
select count(*) from error_report where due_date < $1 and state in (1, 2);

-- name: decide_error_report
-- Of two that decide at the same time one finds another state here. Who is to be told of it is
-- durable with the decision, or neither is.
with changed as (
  update error_report
  set state = $3, refusal_ground = $4, decided_at = clock_timestamp()
  where report_id = $1 and state = $2
  returning report_id
), told as (
  insert into correction_notice (report_id, recipient, legal_context)
  select changed.report_id, n.recipient, n.legal_context
  from changed
  cross join unnest($5::text[], $6::text[]) as n (recipient, legal_context)
)
select report_id from changed;

-- name: list_correction_notices
select n.sequence, r.report_id, r.subject_key, r.subject_key_version, r.subject_encrypted, r.data_contract, r.field_path, r.source, n.legal_context, r.decided_at, n.acknowledged_at
from correction_notice n
join error_report r using (report_id)
where n.recipient = $1 and (not $2::boolean or n.acknowledged_at is null) and n.sequence > $3
order by n.sequence
limit $4;

-- name: find_correction_notice
select n.sequence, r.report_id, r.subject_key, r.subject_key_version, r.subject_encrypted, r.data_contract, r.field_path, r.source, n.legal_context, r.decided_at, n.acknowledged_at
from correction_notice n
join error_report r using (report_id)
where n.recipient = $1 and n.report_id = $2;

-- name: acknowledge_correction_notice
update correction_notice
set acknowledged_at = clock_timestamp()
where recipient = $1 and report_id = $2 and acknowledged_at is null
returning report_id;
