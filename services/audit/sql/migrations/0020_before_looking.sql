-- What is looked at again costs what it holds: the columns are compared as they were handed over, and
-- only what is there otherwise, for some of it was there before, is compared record by record. The
-- plan is one for all batches: to make one anew costs more than any other could save.
create or replace function add_records(
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
