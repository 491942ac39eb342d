-- name: find_progress
select lines, rejected from bulk_load where sha256 = $1;

-- name: store_progress!
insert into bulk_load (sha256, lines, rejected)
values ($1, $2, $3)
on conflict (sha256) do update set lines = excluded.lines, rejected = excluded.rejected, moved_at = now();

-- name: drop_lines!
delete from incoming where line = any ($1::integer[]);

-- name: list_parts
-- The parts of the table, or the table itself where it has none.
select coalesce(part.relname, whole.relname) as name
from pg_class as whole
left join pg_inherits on pg_inherits.inhparent = whole.oid
left join pg_class as part on part.oid = pg_inherits.inhrelid
where whole.oid = 'person_dossiers'::regclass
order by name;

-- name: list_differences
-- What an institution lists for a day and what is held of it: lines that are not held, dossiers active
-- on the day that are not listed, and those that differ in phase or last day.
with held as (
  select person.ssin, dossier.quality_code, dossier.phase, dossier.begin_date, dossier.end_date
  from person_dossiers as person
  cross join unnest(
    person.organizations, person.quality_codes, person.phases, person.begin_dates, person.end_dates
  ) as dossier (organization, quality_code, phase, begin_date, end_date)
  where dossier.organization = $1 and dossier.begin_date <= $2 and dossier.end_date >= $2
)
select
  coalesce(incoming.ssin, held.ssin) as ssin,
  coalesce(incoming.quality_code, held.quality_code) as quality_code,
  coalesce(incoming.begin_date, held.begin_date) as begin_date,
  incoming.phase as listed_phase, incoming.end_date as listed_end_date,
  held.phase as held_phase, held.end_date as held_end_date
from incoming
full join held using (ssin, quality_code, begin_date)
where (incoming.phase, incoming.end_date) is distinct from (held.phase, held.end_date)
order by 1, 2, 3;

-- name: count_figures!
-- One reading of all dossiers. Per sector, an actor is an organization of the sector; in all, a sector.
insert into figure (month, sector, persons, actors, active_dossiers)
with known as (
  select
    person.ssin, organization.sector,
    count(distinct dossier.organization) as organizations,
    count(*) filter (where dossier.end_date >= $2) as active
  from person_dossiers as person
  cross join unnest(person.organizations, person.quality_codes, person.begin_dates, person.end_dates)
    as dossier (organization, quality_code, begin_date, end_date)
  join organization on organization.key = dossier.organization
  where dossier.begin_date <= $2 and dossier.quality_code <> 999
  group by person.ssin, organization.sector
), persons as (
  select ssin, count(sector) as sectors, sum(active) as active
  from known
  group by ssin
)
select $1::date, sector, count(*), sum(organizations), sum(active)
from known
where sector is not null
group by sector
union all
select $1::date, null, count(*), coalesce(sum(sectors), 0), coalesce(sum(active), 0)
from persons
on conflict on constraint figure_month_sector do update
set persons = excluded.persons, actors = excluded.actors, active_dossiers = excluded.active_dossiers,
  counted_at = now();

-- name: list_figures
select month, sector, persons, actors, active_dossiers
from figure
where month >= $1 and month <= $2
order by month, sector nulls first;
