-- name: list_dossiers
-- The dossiers of some organizations on some persons; one person is one row in one part of the
-- table. `offset 0` keeps it a look-up for each person: left free, the planner reads whole parts.
select held.ssin, dossier.organization, dossier.quality_code, dossier.phase, dossier.begin_date, dossier.end_date
from unnest($1::bigint[]) as asked (ssin)
cross join lateral (
  select ssin, organizations, quality_codes, phases, begin_dates, end_dates
  from person_dossiers
  where ssin = asked.ssin
  offset 0
) as held
cross join unnest(held.organizations, held.quality_codes, held.phases, held.begin_dates, held.end_dates)
  as dossier (organization, quality_code, phase, begin_date, end_date)
where dossier.organization = any ($2::integer[]);

-- name: list_dossiers_of_one
-- The same for one person: it is planned for the part where that person is, and so begins sooner.
select held.ssin, dossier.organization, dossier.quality_code, dossier.phase, dossier.begin_date, dossier.end_date
from person_dossiers as held
cross join unnest(held.organizations, held.quality_codes, held.phases, held.begin_dates, held.end_dates)
  as dossier (organization, quality_code, phase, begin_date, end_date)
where held.ssin = $1 and dossier.organization = any ($2::integer[]);

-- name: list_dossiers_on_nodes
-- The same for several persons who stand on several nodes, each of which is asked for its own: there
-- no look-up for each person can be pushed down.
select held.ssin, dossier.organization, dossier.quality_code, dossier.phase, dossier.begin_date, dossier.end_date
from person_dossiers as held
cross join unnest(held.organizations, held.quality_codes, held.phases, held.begin_dates, held.end_dates)
  as dossier (organization, quality_code, phase, begin_date, end_date)
where held.ssin = any ($1::bigint[]) and dossier.organization = any ($2::integer[]);

-- name: create_incoming!
create temporary table incoming (
  line integer not null,
  ssin bigint not null,
  organization integer not null,
  quality_code smallint not null,
  phase smallint not null,
  begin_date date not null,
  end_date date not null
) on commit drop;

-- name: list_overlapping_lines
-- The lines that overlap an earlier line, or a dossier that they do not correct. What came is put
-- together first: a temporary table of this session is on this node only.
with told as materialized (
  select line, ssin, organization, quality_code, begin_date, end_date from incoming
), earlier as (
  select line, ssin, organization, quality_code, begin_date, end_date from told
  union all
  select 0, held.ssin, dossier.organization, dossier.quality_code, dossier.begin_date, dossier.end_date
  from person_dossiers as held
  cross join unnest(held.organizations, held.quality_codes, held.begin_dates, held.end_dates)
    as dossier (organization, quality_code, begin_date, end_date)
  where held.ssin in (select ssin from told)
    and not exists (
      select from told as correction
      where correction.ssin = held.ssin
        and correction.organization = dossier.organization
        and correction.quality_code = dossier.quality_code
        and correction.begin_date = dossier.begin_date
    )
)
select distinct told.line
from told
join earlier using (ssin, organization, quality_code)
where earlier.line < told.line
  and earlier.begin_date <= told.end_date
  and told.begin_date <= earlier.end_date
order by told.line;

-- name: count_known
-- How many lines correct a dossier and how many repeat one as it is.
select
  count(*) filter (where (dossier.phase, dossier.end_date) <> (incoming.phase, incoming.end_date)) as corrected,
  count(*) filter (where (dossier.phase, dossier.end_date) = (incoming.phase, incoming.end_date)) as unchanged
from incoming
join person_dossiers as held using (ssin)
cross join unnest(held.organizations, held.quality_codes, held.phases, held.begin_dates, held.end_dates)
  as dossier (organization, quality_code, phase, begin_date, end_date)
where dossier.organization = incoming.organization
  and dossier.quality_code = incoming.quality_code
  and dossier.begin_date = incoming.begin_date;

-- name: merge_incoming!
-- Each person's dossiers with the incoming ones among them. A dossier that comes again as it is
-- keeps its instant of recording; a person for whom nothing is new is not written.
insert into person_dossiers as held (
  ssin, organizations, quality_codes, phases, begin_dates, end_dates, recorded_at
)
select
  ssin,
  array_agg(organization order by organization, quality_code, begin_date),
  array_agg(quality_code order by organization, quality_code, begin_date),
  array_agg(phase order by organization, quality_code, begin_date),
  array_agg(begin_date order by organization, quality_code, begin_date),
  array_agg(end_date order by organization, quality_code, begin_date),
  array_agg(now() order by organization, quality_code, begin_date)
from incoming
group by ssin
order by ssin
on conflict (ssin) do update
set (organizations, quality_codes, phases, begin_dates, end_dates, recorded_at) = (
  select
    array_agg(organization order by organization, quality_code, begin_date),
    array_agg(quality_code order by organization, quality_code, begin_date),
    array_agg(phase order by organization, quality_code, begin_date),
    array_agg(begin_date order by organization, quality_code, begin_date),
    array_agg(end_date order by organization, quality_code, begin_date),
    array_agg(recorded_at order by organization, quality_code, begin_date)
  from (
    -- Of two versions of one dossier the incoming one counts, unless nothing but the instant differs.
    select distinct on (organization, quality_code, begin_date)
      organization, quality_code, phase, begin_date, end_date,
      min(recorded_at) over (
        partition by organization, quality_code, phase, begin_date, end_date
      ) as recorded_at
    from (
      select 0 as version, dossier.*
      from unnest(
        held.organizations, held.quality_codes, held.phases, held.begin_dates, held.end_dates, held.recorded_at
      ) as dossier (organization, quality_code, phase, begin_date, end_date, recorded_at)
      union all
      select 1 as version, dossier.*
      from unnest(
        excluded.organizations, excluded.quality_codes, excluded.phases, excluded.begin_dates,
        excluded.end_dates, excluded.recorded_at
      ) as dossier (organization, quality_code, phase, begin_date, end_date, recorded_at)
    ) as versions
    order by organization, quality_code, begin_date, version desc
  ) as merged
)
where exists (
  select organization, quality_code, phase, begin_date, end_date
  from unnest(
    excluded.organizations, excluded.quality_codes, excluded.phases, excluded.begin_dates, excluded.end_dates
  ) as dossier (organization, quality_code, phase, begin_date, end_date)
  except
  select organization, quality_code, phase, begin_date, end_date
  from unnest(held.organizations, held.quality_codes, held.phases, held.begin_dates, held.end_dates)
    as dossier (organization, quality_code, phase, begin_date, end_date)
);
