-- Reports of suspected errors, each addressed to the authentic source of the datum. The person is
-- found by a keyed digest and read by who holds the secret, as in `replacement`.
create table error_report (
  -- Made by who reports; repeating a report changes nothing.
  report_id uuid primary key,
  -- The order of reporting, in which lists are read.
  sequence bigint generated always as identity unique,
  subject_key bytea not null check (length(subject_key) = 16),
  subject_key_version smallint not null,
  subject_encrypted bytea not null,
  data_contract text not null check (length(data_contract) <= 64),
  field_path text not null check (length(field_path) <= 128),
  source text not null check (source ~ '^[0-9]{10}$'),
  -- Nothing if the person did.
  reporter text check (reporter ~ '^[0-9]{10}$'),
  -- As numbered in cbss.audit.v1.ErrorClaim.
  claim smallint not null check (claim between 1 and 4),
  evidence_reference text not null check (length(evidence_reference) <= 64),
  -- Under which who reported got the datum: what it delays for the person, this delays too.
  legal_context text not null check (length(legal_context) <= 64),
  -- As numbered in cbss.audit.v1.ErrorReportState and ErrorRefusalGround.
  state smallint not null default 1 check (state between 1 and 4),
  refusal_ground smallint check (refusal_ground between 1 and 3),
  reported_at timestamptz not null default clock_timestamp(),
  due_date date not null,
  decided_at timestamptz,
  constraint ground_of_refusal check ((state = 3) = (refusal_ground is not null)),
  constraint decided_or_open check ((state = 1) = (decided_at is null))
);

create index error_report_by_subject on error_report (subject_key);
create index error_report_by_source on error_report (source, sequence);
create index error_report_by_reporter on error_report (reporter, sequence);
create index error_report_by_due on error_report (due_date) where state in (1, 2);

-- What every organization that got a corrected datum is told.
create table correction_notice (
  report_id uuid not null references error_report,
  recipient text not null check (recipient ~ '^[0-9]{10}$'),
  -- The order of correction, in which lists are read.
  sequence bigint generated always as identity unique,
  -- Under which the recipient got the datum.
  legal_context text not null check (length(legal_context) <= 64),
  acknowledged_at timestamptz,
  primary key (recipient, report_id)
);

create index correction_notice_by_recipient on correction_notice (recipient, sequence);

grant select, insert on error_report, correction_notice to audit;
-- What was reported stays as it is.
grant update (state, refusal_ground, decided_at) on error_report to audit;
grant update (acknowledged_at) on correction_notice to audit;
