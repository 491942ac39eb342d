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

-- The service opens and closes dossiers now. It writes no history: the owner's function does, so that
-- what was believed cannot be changed by anybody who serves.
alter function keep_superseded() security definer set search_path = pg_catalog, public, pg_temp;

grant select, insert, update on person_dossiers to directory;
grant select on superseded_dossier to directory;
