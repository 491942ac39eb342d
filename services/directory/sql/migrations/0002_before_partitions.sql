-- Dossiers and their history in sixteen parts, by a hash of the person.
--
-- Sixteen, because every part costs a statement that reaches all of them some 25 microseconds to
-- begin with, and at the size of the country (225 million dossiers) a part is then 600 megabytes:
-- small enough to vacuum, to load and to restore by itself. The person comes first in every key and
-- stands in every hot statement, so that each look-up reaches one part.

alter table person_dossiers rename to undivided;
alter index person_dossiers_pkey rename to undivided_pkey;
alter table superseded_dossier rename to undivided_history;
alter index superseded_dossier_pkey rename to undivided_history_pkey;

create table person_dossiers (like undivided including constraints, primary key (ssin)) partition by hash (ssin);

create table superseded_dossier (
  like undivided_history including constraints,
  primary key (ssin, organization, quality_code, begin_date, recorded_at)
) partition by hash (ssin);

do $$
begin
  for part in 0 .. 15 loop
    execute format(
      'create table person_dossiers_%s partition of person_dossiers for values with (modulus 16, remainder %s)',
      to_char(part, 'FM00'), part
    );
    execute format(
      'create table superseded_dossier_%s partition of superseded_dossier for values with (modulus 16, remainder %s)',
      to_char(part, 'FM00'), part
    );
  end loop;
end
$$;

insert into person_dossiers (ssin, organizations, quality_codes, phases, begin_dates, end_dates, recorded_at)
select ssin, organizations, quality_codes, phases, begin_dates, end_dates, recorded_at
from undivided;

insert into superseded_dossier (
  ssin, organization, quality_code, phase, begin_date, end_date, recorded_at, superseded_at
)
select ssin, organization, quality_code, phase, begin_date, end_date, recorded_at, superseded_at
from undivided_history;

drop table undivided, undivided_history;

create trigger superseded after update on person_dossiers
for each row when (old.* is distinct from new.*) execute function keep_superseded();

-- A version is believed until the one that replaces it is recorded, or until it is taken away: at any
-- instant there is one of the two. The service opens and closes dossiers now, and writes no history:
-- the owner's function does, so that what was believed cannot be changed by anybody who serves.
create or replace function keep_superseded() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  recorded timestamptz := (
    select min(at) from unnest(new.recorded_at) as at where at <> all (old.recorded_at)
  );
begin
  insert into superseded_dossier (
    ssin, organization, quality_code, phase, begin_date, end_date, recorded_at, superseded_at
  )
  select old.ssin, gone.*, greatest(coalesce(recorded, statement_timestamp()), gone.recorded_at)
  from (
    select *
    from unnest(
      old.organizations, old.quality_codes, old.phases, old.begin_dates, old.end_dates, old.recorded_at
    ) as before (organization, quality_code, phase, begin_date, end_date, recorded_at)
    except
    select *
    from unnest(
      new.organizations, new.quality_codes, new.phases, new.begin_dates, new.end_dates, new.recorded_at
    ) as after (organization, quality_code, phase, begin_date, end_date, recorded_at)
  ) as gone
  -- Two corrections in one transaction have one instant; the first of them was never believed.
  on conflict do nothing;
  return null;
end
$$;

grant select, insert, update on person_dossiers to directory;
grant select on superseded_dossier to directory;
