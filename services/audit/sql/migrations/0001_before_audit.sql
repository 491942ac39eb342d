-- The trail as a verifiable log: rows small enough to keep hundreds of millions, a month a partition,
-- and the place of every record in a Merkle tree whose hashes are in files. Records are added, never
-- changed: the service may insert and read, nothing else.

-- The months of recording, numbered year * 12 + month - 1. Persons are hidden with the key of the
-- month, wrapped here with a version of the secret: without the key the month is forgotten.
create table month (
  month integer primary key,
  begun_at timestamptz not null default clock_timestamp(),
  key_version smallint,
  wrapped_key bytea,
  -- A frozen month is not forgotten: an inquiry runs.
  frozen_for text,
  forgotten_at timestamptz,
  constraint key_or_forgotten check (
    (forgotten_at is null) = (wrapped_key is not null and key_version is not null)
  )
);

-- What many records have in common: who asks, for which purpose, under which deliberation, with
-- which outcome. A record names it, and its leaf holds it whole.
create table ground (
  ground_id integer generated always as identity primary key,
  sha256 bytea not null unique check (length(sha256) = 32),
  -- The first eight digits of the customer's enterprise number; 0 if there is none.
  customer integer not null,
  legal_context text not null,
  -- cbss.audit.v1.ExchangeRecord with what is common.
  content bytea not null
);

create index ground_by_legal_context on ground (legal_context);
create index ground_by_customer on ground (customer);

-- The order of recording: the month in the high bits, so that months do not overlap.
create sequence record_sequence as bigint;

create table record (
  sequence bigint not null default nextval('record_sequence'),
  customer integer not null,
  ground_id integer not null,
  -- The person: a keyed digest to find records by, under the key of the month.
  subject_key bigint,
  -- Made by the recorder; repeating a record changes nothing.
  record_id uuid not null,
  ticket uuid not null,
  -- cbss.audit.v1.KeptInstance: what is of this record alone, persons encrypted.
  content bytea not null
) partition by range (sequence);

alter sequence record_sequence owned by record.sequence;

-- A month holds a hundred million records and more. Keys of persons are spread evenly, so one index
-- over all of them has no page that stays in memory: each record would cost a page read and written.
-- Keyed by runs of four million records, new records touch the pages of the last run only, and a
-- person is looked for once in each run.
create function subject_run(sequence bigint, subject_key bigint) returns bigint
language sql immutable strict parallel safe
return ((sequence >> 22) & 4095) << 52 | (subject_key & ((1::bigint << 52) - 1));

-- What a customer did, or what was done for a purpose, is found by the grounds that say so. Within a
-- month they are indexed run by run, each of a quarter of a million records: new records touch the
-- end of the index only, equal keys share an entry, and what is rare is not looked for among all.
create function ground_run(sequence bigint, ground_id integer) returns bigint
language sql immutable strict parallel safe
return (sequence >> 18) << 32 | ground_id;

-- One record a place in the order of recording. What only grows at its end needs no room in between.
create unique index record_by_sequence on record (sequence) with (fillfactor = 100);
-- A page of one exchange or of one person goes on at its place, however many records there are.
create index record_by_ticket on record (ticket, sequence);
-- Not only of records with a person: of such an index the planner would not know how little it finds.
create index record_by_subject on record (subject_run(sequence, subject_key), sequence);
create index record_by_ground on record (ground_run(sequence, ground_id));

-- Which records are where in the tree: runs of the same length in both orders.
create table span (
  first_index bigint primary key,
  first_sequence bigint not null unique,
  count integer not null check (count > 0),
  integrated_at timestamptz not null
);

-- What came into the log in a span of time is found by when its runs did; the first run of a span of
-- time is the first entry there.
create index span_by_time on span (integrated_at, first_sequence);

-- How far the tree has grown. Whoever makes it grow has the epoch and names the size before: of
-- two only one can.
create table log_state (
  only_one boolean primary key default true check (only_one),
  epoch bigint not null default 0,
  size bigint not null default 0,
  root bytea not null,
  last_sequence bigint not null default 0,
  advanced_at timestamptz not null default clock_timestamp()
);

insert into log_state (root)
values ('\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');

-- Begins the month of the clock if it is later than the last, with a key that the caller made; the
-- month that is open afterwards. Waits for records under way: a month ends once, for all.
create function begin_month(version smallint, wrapped bytea) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  today timestamp := clock_timestamp() at time zone 'UTC';
  asked integer := extract(year from today)::integer * 12 + extract(month from today)::integer - 1;
  last integer;
begin
  perform pg_advisory_xact_lock(1668245091);
  select max(month) into last from month;
  if last is not null and last >= asked then
    return last;
  end if;
  execute format(
    'create table record_%s partition of record for values from (%s) to (%s)',
    asked, asked::bigint << 34, (asked + 1)::bigint << 34
  );
  execute format(
    'create unique index record_%s_known on record_%s (record_id) with (fillfactor = 100)',
    asked, asked
  );
  insert into month (month, key_version, wrapped_key) values (asked, version, wrapped);
  perform setval('record_sequence', asked::bigint << 34, false);
  return asked;
end
$$;

-- Adds records to a month and returns their places; null, and nothing added, if another month is
-- open. A record that is there already, in this month or the one before, stays as it is. What was
-- added is looked at again, as it is after whatever else the database does: records that are not
-- there, or not as they were handed over, fail the whole. That costs what it holds: the columns are
-- compared as they were handed over, and only what is there otherwise, for some of it was there
-- before, is compared record by record. The plan is one for all batches: to make one anew costs more
-- than any other could save.
create function add_records(
  expected integer, customers integer[], grounds integer[], subjects bigint[], ids uuid[],
  tickets uuid[], contents bytea[]
) returns bigint[]
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  last integer;
  earlier bigint;
  begins bigint := expected::bigint << 34;
  ends bigint := (expected + 1)::bigint << 34;
  places bigint[];
  kept bigint;
  is_kept boolean;
begin
  -- Shared: records do not wait for each other, only for who reads how far they have come.
  perform pg_advisory_xact_lock_shared(1668245091);
  select max(month) into last from month;
  if last is distinct from expected then
    return null;
  end if;
  select max(month)::bigint into earlier from month where month < expected;
  with added as (
    insert into record (customer, ground_id, subject_key, record_id, ticket, content)
    select n.customer, n.ground_id, n.subject_key, n.record_id, n.ticket, n.content
    from unnest(customers, grounds, subjects, ids, tickets, contents)
      as n (customer, ground_id, subject_key, record_id, ticket, content)
    where earlier is null or not exists (
      select from record known
      where known.sequence >= earlier << 34 and known.sequence < (earlier + 1) << 34
        and known.record_id = n.record_id
    )
    on conflict do nothing
    returning sequence
  )
  select coalesce(array_agg(sequence), '{}') into places from added;
  -- What waits for the commit takes place now.
  set constraints all immediate;
  select array_agg(record_id order by sequence) = ids
    and array_agg(customer order by sequence) = customers
    and array_agg(ground_id order by sequence) = grounds
    and array_agg(subject_key order by sequence) = subjects
    and array_agg(ticket order by sequence) = tickets
    and array_agg(content order by sequence) = contents
  into is_kept
  from record
  where sequence = any(places) and sequence >= begins and sequence < ends;
  if is_kept then
    return places;
  end if;
  select count(distinct record.sequence) into kept
  from unnest(customers, grounds, subjects, ids, tickets, contents)
    as n (customer, ground_id, subject_key, record_id, ticket, content)
  join record
    on record.record_id = n.record_id and record.ticket = n.ticket
    and record.customer = n.customer and record.ground_id = n.ground_id
    and record.subject_key is not distinct from n.subject_key and record.content = n.content
  where record.sequence = any(places) and record.sequence >= begins and record.sequence < ends;
  if kept < cardinality(places) then
    raise exception 'records are not kept as they were handed over';
  end if;
  if cardinality(places) < cardinality(ids) and exists (
    select from unnest(ids) as n (record_id)
    where not exists (
      select from record known
      where known.record_id = n.record_id
        and known.sequence >= coalesce(earlier << 34, begins) and known.sequence < ends
    )
  ) then
    raise exception 'records are not kept';
  end if;
  return places;
end
$$;

-- Up to which place all records are committed: none will appear before it any more.
create function settled() returns bigint
language plpgsql as $$
begin
  perform pg_advisory_xact_lock(1668245091);
  return (select case when is_called then last_value else last_value - 1 end from record_sequence);
end
$$;

-- Numbers that were replaced. Either number leads to the other, and so to the whole trail: each is
-- found by its keyed digest and read by who holds the secret, like the subject of a report.
create table replacement (
  event_id uuid primary key,
  -- When the number was replaced, as told by identification.
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  old_key bytea not null check (length(old_key) = 16),
  old_key_version smallint not null,
  old_encrypted bytea not null,
  new_key bytea not null check (length(new_key) = 16),
  new_key_version smallint not null,
  new_encrypted bytea not null
);

create index replacement_by_old on replacement (old_key);
create index replacement_by_new on replacement (new_key);

-- The organizations that were admitted: each reads its own trail.
create table organization (
  cbe_number text primary key check (cbe_number ~ '^[0-9]{10}$'),
  -- The keys of its programs, and apart from them those of its officers, who read alerts.
  public_key_sha256 text[] not null,
  -- Citizens read who asked about them by name.
  name text not null default '',
  officer_key_sha256 text[] not null default '{}',
  -- The names under which it is on the web: what people are sent to is one of them.
  web_names text[] not null default '{}'
);

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
-- What is due to be deleted is found by its end; the service itself deletes nothing.
create index error_report_by_end on error_report (decided_at) where state in (3, 4);

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
create index correction_notice_by_report on correction_notice (report_id);

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
create index decision_by_instant on decision (recorded_at);

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
  due date not null
);

create index alert_by_organization on alert (organization, sequence);
create index alert_by_due on alert (due);

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

-- How each institution used the network in a month that is over: counts, and no person.
create table monthly_report (
  organization text not null check (organization ~ '^[0-9]{10}$'),
  -- Numbered as in `month`.
  month integer not null,
  -- cbss.audit.v1.MonthlyReport.
  content bytea not null,
  primary key (organization, month)
);

revoke execute on function begin_month, add_records, settled, subject_run, ground_run from public;
grant execute on function begin_month, add_records, settled, subject_run, ground_run to audit;
grant usage, select on sequence record_sequence to audit;
grant select, insert on record, ground, span, replacement, decision, alert, alert_answer to audit;
grant select on month, organization to audit;
grant select, update on log_state to audit;
-- What was reported stays as it is; what is decided and acknowledged is added.
grant select, insert, update (state, refusal_ground, decided_at) on error_report to audit;
grant select, insert, update (acknowledged_at) on correction_notice to audit;
-- Counted again, it may be counted otherwise: what came late counts too.
grant select, insert, update (content) on monthly_report to audit;
