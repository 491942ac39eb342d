-- Officers read alerts of misuse: the onboarding record names their keys, apart from programs'.
alter table organization add column officer_key_sha256 text[] not null default '{}';

-- What the officer of an institution is asked. The exchanges are named, no person is.
create table alert (
  -- The same for the same finding: it is told once.
  alert_id uuid primary key,
  -- The order of telling, in which lists are read.
  sequence bigint generated always as identity unique,
  organization text not null check (organization ~ '^[0-9]{10}$'),
  -- The rule, as data/misuse.yaml has it from that day on.
  code text not null,
  rule_of date not null,
  first_day date not null,
  last_day date not null check (last_day >= first_day),
  count integer not null check (count > 0),
  tickets uuid[] not null,
  told_at timestamptz not null default clock_timestamp(),
  -- The last day to answer.
  due date not null,
  acknowledged_at timestamptz,
  -- As numbered in cbss.audit.v1.AlertFinding.
  finding smallint check (finding between 1 and 3),
  constraint answered_whole check ((acknowledged_at is null) = (finding is null))
);

create index alert_by_organization on alert (organization, sequence);
create index alert_unanswered on alert (due) where acknowledged_at is null;

grant select, insert on alert to audit;
-- What was told stays as it was told: the service adds the answer and nothing else.
grant update (acknowledged_at, finding) on alert to audit;
