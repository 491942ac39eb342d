-- The trail. Records are added, never changed: the service may insert and read, nothing else.
create table record (
  -- Made by the recorder; repeating a record changes nothing.
  record_id uuid primary key,
  -- The order of recording, in which lists are read.
  sequence bigint generated always as identity,
  -- The exchange.
  ticket uuid not null,
  -- As numbered in cbss.audit.v1.ExchangeStage.
  stage smallint not null check (stage between 1 and 4),
  -- The person: a keyed digest to find records by, with the version of its key, and the number
  -- encrypted for this record alone. All three or none.
  subject_key bytea check (length(subject_key) = 16),
  subject_key_version smallint,
  subject_encrypted bytea,
  -- By the database's clock, beside the recorder's own in the content.
  recorded_at timestamptz not null default clock_timestamp(),
  -- cbss.audit.v1.ExchangeRecord without the person.
  content bytea not null,
  constraint subject_is_whole check (
    num_nonnulls(subject_key, subject_key_version, subject_encrypted) in (0, 3)
  )
);

create index record_by_ticket on record (ticket, sequence);
create index record_by_subject on record (subject_key, sequence) where subject_key is not null;

grant select, insert on record to audit;
