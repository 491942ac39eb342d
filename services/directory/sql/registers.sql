-- name: lock_dossiers
-- The dossiers of some persons, each person locked in the order given until the transaction ends.
-- Whoever changes a person's dossiers comes through here, so changes of one person follow each other.
select held.ssin, held.organizations, held.quality_codes, held.phases, held.begin_dates, held.end_dates, held.recorded_at
from unnest($1::bigint[]) as asked (ssin)
cross join lateral (
  select ssin, organizations, quality_codes, phases, begin_dates, end_dates, recorded_at
  from person_dossiers
  where ssin = asked.ssin
  offset 0
  for update
) as held;

-- name: open_person!
-- What has no instant of recording is recorded now. Now is after the lock, so that the instants of one
-- person stand in the order of the changes.
insert into person_dossiers (ssin, organizations, quality_codes, phases, begin_dates, end_dates, recorded_at)
values (
  $1, $2, $3, $4, $5, $6,
  array_replace($7::timestamptz[], null, statement_timestamp())
);

-- name: change_person!
update person_dossiers
set organizations = $2, quality_codes = $3, phases = $4, begin_dates = $5, end_dates = $6,
  recorded_at = array_replace($7::timestamptz[], null, statement_timestamp())
where ssin = $1;

-- name: lock_dossiers_of_one
-- The same for one person, where persons stand on several nodes: no statement locks rows on two.
select ssin, organizations, quality_codes, phases, begin_dates, end_dates, recorded_at
from person_dossiers
where ssin = $1
for update;

-- name: list_known_dossiers
-- The dossiers of some organizations on some persons, as they were recorded at an instant: those that
-- still stand, and the versions that stood then. Look-ups for each person, as in list_dossiers.
select known.*
from unnest($1::bigint[]) as asked (ssin)
cross join lateral (
  select
    held.ssin, dossier.organization, dossier.quality_code, dossier.phase, dossier.begin_date, dossier.end_date
  from person_dossiers as held
  cross join unnest(
    held.organizations, held.quality_codes, held.phases, held.begin_dates, held.end_dates, held.recorded_at
  ) as dossier (organization, quality_code, phase, begin_date, end_date, recorded_at)
  where held.ssin = asked.ssin and dossier.recorded_at <= $3
  union all
  select ssin, organization, quality_code, phase, begin_date, end_date
  from superseded_dossier
  where ssin = asked.ssin and recorded_at <= $3 and superseded_at > $3
) as known
where known.organization = any ($2::integer[]);

-- name: list_known_dossiers_on_nodes
-- The same where persons stand on several nodes.
select held.ssin, dossier.organization, dossier.quality_code, dossier.phase, dossier.begin_date, dossier.end_date
from person_dossiers as held
cross join unnest(
  held.organizations, held.quality_codes, held.phases, held.begin_dates, held.end_dates, held.recorded_at
) as dossier (organization, quality_code, phase, begin_date, end_date, recorded_at)
where held.ssin = any ($1::bigint[])
  and dossier.recorded_at <= $3
  and dossier.organization = any ($2::integer[])
union all
select ssin, organization, quality_code, phase, begin_date, end_date
from superseded_dossier
where ssin = any ($1::bigint[])
  and recorded_at <= $3
  and superseded_at > $3
  and organization = any ($2::integer[]);
