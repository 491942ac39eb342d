-- What only grows at its end needs no room in between.
drop index record_by_sequence;
create index record_by_sequence on record (sequence) with (fillfactor = 100);

create or replace function begin_month(version smallint, wrapped bytea) returns integer
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
