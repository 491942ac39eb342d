-- name: add_alert
insert into alert (alert_id, organization, code, rule_of, first_day, last_day, count, tickets, due)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (alert_id) do nothing
returning alert_id;

-- name: find_alert
select a.sequence, a.alert_id, organization, code, rule_of, first_day, last_day, count, tickets, due, told_at, given.findings, given.at
from alert a
cross join lateral (
  select array_agg(finding order by w.sequence) as findings, array_agg(answered_at order by w.sequence) as at
  from alert_answer w
  where w.alert_id = a.alert_id
) given
where organization = $1 and a.alert_id = $2;

-- name: list_alerts
select a.sequence, a.alert_id, organization, code, rule_of, first_day, last_day, count, tickets, due, told_at, given.findings, given.at
from alert a
cross join lateral (
  select array_agg(finding order by w.sequence) as findings, array_agg(answered_at order by w.sequence) as at
  from alert_answer w
  where w.alert_id = a.alert_id
) given
where organization = $1 and (not $2::boolean or given.findings is null) and a.sequence > $3
order by a.sequence
limit $4;

-- name: list_unanswered_alerts
select a.sequence, a.alert_id, organization, code, rule_of, first_day, last_day, count, tickets, due, told_at, null as findings, null as at
from alert a
where not exists (select from alert_answer w where w.alert_id = a.alert_id)
  and due < $1 and a.sequence > $2
order by a.sequence
limit $3;

-- name: list_answered_alerts
-- In the order of the last answers: what is answered anew comes again.
select given.last as sequence, a.alert_id, organization, code, rule_of, first_day, last_day, count, tickets, due, told_at, given.findings, given.at
from alert a
cross join lateral (
  select max(w.sequence) as last, array_agg(finding order by w.sequence) as findings, array_agg(answered_at order by w.sequence) as at
  from alert_answer w
  where w.alert_id = a.alert_id
) given
where given.last > $1
order by given.last
limit $2;

-- name: count_unanswered_alerts
select count(*)
from alert a
where not exists (select from alert_answer w where w.alert_id = a.alert_id) and due < $1;

-- name: add_alert_answer
insert into alert_answer (alert_id, finding)
select alert_id, $3
from alert
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
