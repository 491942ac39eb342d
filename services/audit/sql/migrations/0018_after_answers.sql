-- What was answered while the old code still ran comes along; the old place goes.
insert into alert_answer (alert_id, finding, answered_at)
select alert_id, finding, acknowledged_at
from alert
where finding is not null
  and not exists (select from alert_answer where alert_answer.alert_id = alert.alert_id)
order by acknowledged_at;

revoke update on alert from audit;
drop index alert_unanswered;
alter table alert drop constraint answered_whole, drop column acknowledged_at, drop column finding;
