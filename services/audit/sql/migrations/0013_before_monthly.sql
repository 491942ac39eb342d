-- How each institution used the network in a month that is over: counts, and no person.
create table monthly_report (
  organization text not null check (organization ~ '^[0-9]{10}$'),
  -- Numbered as in `month`.
  month integer not null,
  -- cbss.audit.v1.MonthlyReport.
  content bytea not null,
  primary key (organization, month)
);

grant select, insert on monthly_report to audit;
-- Counted again, it may be counted otherwise: what came late counts too.
grant update (content) on monthly_report to audit;
