-- One record a place in the order of recording.
drop index record_by_sequence;
create unique index record_by_sequence on record (sequence) with (fillfactor = 100);

-- A page of one exchange or of one person goes on at its place, however many records there are.
drop index record_by_ticket;
create index record_by_ticket on record (ticket, sequence);
drop index record_by_subject;
create index record_by_subject on record (subject_run(sequence, subject_key), sequence);

-- The first run of a span of time is the first entry there.
drop index span_by_time;
create index span_by_time on span (integrated_at, first_sequence);

-- Adds records to a month and returns their places; null, and nothing added, if another month is
-- open. A record that is there already, in this month or the one before, stays as it is. What was
-- added is looked at again, as it is after whatever else the database does: records that are not
-- there, or not as they were handed over, fail the whole.
drop function add_records;
create function add_records(
  expected integer, customers integer[], grounds integer[], subjects bigint[], ids uuid[],
  tickets uuid[], contents bytea[]
) returns bigint[]
language plpgsql as $$
declare
  last integer;
  earlier bigint;
  begins bigint := expected::bigint << 34;
  ends bigint := (expected + 1)::bigint << 34;
  places bigint[];
  kept bigint;
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

revoke execute on function add_records from public;
grant execute on function add_records to audit;
