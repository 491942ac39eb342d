-- name: add_alert
insert into alert (alert_id, organization, code, rule_of, first_day, last_day, count, tickets, due)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (alert_id) do nothing
returning alert_id;

-- name: find_alert
select sequence, alert_id, organization, code, rule_of, first_day, last_day, count, tickets, due, told_at, acknowledged_at, finding
from alert
where organization = $1 and alert_id = $2;

-- name: list_alerts
select sequence, alert_id, organization, code, rule_of, first_day, last_day, count, tickets, due, told_at, acknowledged_at, finding
from alert
where organization = $1 and (not $2::boolean or acknowledged_at is null) and sequence > $3
order by sequence
limit $4;

-- name: list_unanswered_alerts
select sequence, alert_id, organization, code, rule_of, first_day, last_day, count, tickets, due, told_at, acknowledged_at, finding
from alert
where acknowledged_at is null and due < $1 and sequence > $2
order by sequence
limit $3;

-- name: count_unanswered_alerts
select count(*)
from alert
where acknowledged_at is null and due < $1;

-- name: acknowledge_alert
-- The first time counts; what was found may change.
update alert
set acknowledged_at = coalesce(acknowledged_at, clock_timestamp()), finding = $3
where organization = $1 and alert_id = $2
returning alert_id;

-- name: keep_monthly_report
insert into monthly_report (organization, month, content)
values ($1, $2, $3)
on conflict (organization, month) do update set content = excluded.content
returning organization;

-- name: find_monthly_report
select content
from monthly_report
where organization = $1 and month = $2;
