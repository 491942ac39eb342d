-- name: count_ended_reports
-- A month that is frozen for an inquiry keeps what was reported or decided in it.
select count(*)
from error_report
where state in (3, 4) and decided_at < $1
  and not exists (
    select from month
    where frozen_for is not null
      and month in (
        select extract(year from told)::integer * 12 + extract(month from told)::integer - 1
        from unnest(array[reported_at at time zone 'UTC', decided_at at time zone 'UTC']) as told
      )
  );

-- name: purge_ended_reports
-- With the notices of the correction, that are nothing without it.
with due as (
  select report_id
  from error_report
  where state in (3, 4) and decided_at < $1
    and not exists (
      select from month
      where frozen_for is not null
        and month in (
          select extract(year from told)::integer * 12 + extract(month from told)::integer - 1
          from unnest(array[reported_at at time zone 'UTC', decided_at at time zone 'UTC']) as told
        )
    )
  order by decided_at
  limit $2
), told as (
  delete from correction_notice using due where correction_notice.report_id = due.report_id
), gone as (
  delete from error_report using due
  where error_report.report_id = due.report_id
  returning error_report.report_id
)
select count(*) from gone;

-- name: count_old_decisions
select count(*)
from decision
where recorded_at < $1
  and not exists (
    select from month
    where frozen_for is not null
      and month = extract(year from recorded_at at time zone 'UTC')::integer * 12
        + extract(month from recorded_at at time zone 'UTC')::integer - 1
  );

-- name: purge_old_decisions
with due as (
  select decision_id
  from decision
  where recorded_at < $1
    and not exists (
      select from month
      where frozen_for is not null
        and month = extract(year from recorded_at at time zone 'UTC')::integer * 12
          + extract(month from recorded_at at time zone 'UTC')::integer - 1
    )
  order by recorded_at
  limit $2
), gone as (
  delete from decision using due
  where decision.decision_id = due.decision_id
  returning decision.decision_id
)
select count(*) from gone;
