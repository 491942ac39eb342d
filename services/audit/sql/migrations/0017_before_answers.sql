-- What officers answered to alerts: an answer is added, and none takes the place of another.
create table alert_answer (
  alert_id uuid not null references alert,
  -- The order of answering, in which the committee reads.
  sequence bigint generated always as identity unique,
  -- As numbered in cbss.audit.v1.AlertFinding.
  finding smallint not null check (finding between 1 and 3),
  answered_at timestamptz not null default clock_timestamp(),
  primary key (alert_id, sequence)
);

insert into alert_answer (alert_id, finding, answered_at)
select alert_id, finding, acknowledged_at
from alert
where finding is not null
order by acknowledged_at;

create index alert_by_due on alert (due);

grant select, insert on alert_answer to audit;
