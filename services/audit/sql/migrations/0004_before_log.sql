-- The trail as a verifiable log: rows small enough to keep hundreds of millions, a month a
-- partition, and the place of every record in a Merkle tree whose hashes are in files.

alter table record rename to earlier_record;
alter table earlier_record rename constraint record_pkey to earlier_record_pkey;
alter index record_by_ticket rename to earlier_record_by_ticket;
alter index record_by_subject rename to earlier_record_by_subject;
revoke insert on earlier_record from audit;

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

create index record_by_sequence on record (sequence);
create index record_by_ticket on record (ticket);
create index record_by_subject on record (subject_key) where subject_key is not null;
create index record_by_customer on record (customer, sequence);

-- Which records are where in the tree: runs of the same length in both orders.
create table span (
  first_index bigint primary key,
  first_sequence bigint not null unique,
  count integer not null check (count > 0),
  integrated_at timestamptz not null
);

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
  execute format('create unique index record_%s_known on record_%s (record_id)', asked, asked);
  insert into month (month, key_version, wrapped_key) values (asked, version, wrapped);
  perform setval('record_sequence', asked::bigint << 34, false);
  return asked;
end
$$;

-- Adds records to a month; false, and nothing added, if another month is open. A record that is
-- there already, in this month or the one before, stays as it is.
create function add_records(
  expected integer, customers integer[], grounds integer[], subjects bigint[], ids uuid[],
  tickets uuid[], contents bytea[]
) returns boolean
language plpgsql as $$
declare
  last integer;
  earlier bigint;
begin
  -- Shared: records do not wait for each other, only for who reads how far they have come.
  perform pg_advisory_xact_lock_shared(1668245091);
  select max(month) into last from month;
  if last is distinct from expected then
    return false;
  end if;
  select max(month)::bigint into earlier from month where month < expected;
  insert into record (customer, ground_id, subject_key, record_id, ticket, content)
  select n.customer, n.ground_id, n.subject_key, n.record_id, n.ticket, n.content
  from unnest(customers, grounds, subjects, ids, tickets, contents)
    as n (customer, ground_id, subject_key, record_id, ticket, content)
  where earlier is null or not exists (
    select from record known
    where known.sequence >= earlier << 34 and known.sequence < (earlier + 1) << 34
      and known.record_id = n.record_id
  )
  on conflict do nothing;
  return true;
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

revoke execute on function begin_month, add_records, settled from public;
grant execute on function begin_month, add_records, settled to audit;
grant select, insert on record, ground, span to audit;
grant select on month, earlier_record to audit;
grant usage, select on sequence record_sequence to audit;
grant select, update on log_state to audit;
