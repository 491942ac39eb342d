-- Decisions that persons are told of. Whom one is about is hidden as in `replacement`, and what it
-- says is encrypted: only the service reads it, and shows it to the person.
create table decision (
  -- Made by who decided; repeating a decision changes nothing.
  decision_id uuid primary key,
  -- The order of recording, in which lists are read.
  sequence bigint generated always as identity unique,
  organization text not null check (organization ~ '^[0-9]{10}$'),
  subject_key bytea not null check (length(subject_key) = 16),
  subject_key_version smallint not null,
  subject_encrypted bytea not null,
  content_key_version smallint not null,
  -- cbss.audit.v1.Decision.
  content bytea not null,
  recorded_at timestamptz not null default clock_timestamp()
);

create index decision_by_subject on decision (subject_key);

grant select, insert on decision to audit;
