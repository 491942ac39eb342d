-- name: list_near_memberships
-- The memberships of persons, and those of others in the households that they share with one of them.
-- In a collective household nobody shares anything.
with own as (
  select * from membership where ssin = any($1::bigint[]) and expires_on >= $2
), shared as (
  select distinct household, scope from own where position <> 20
)
select ssin, scope, household, position, begin_date, end_date, sector, institution, as_of,
  expires_on
from own
union
select other.ssin, other.scope, other.household, other.position, other.begin_date,
  other.end_date, other.sector, other.institution, other.as_of, other.expires_on
from membership other
join shared on shared.household = other.household and shared.scope = other.scope
where other.expires_on >= $2 and other.position <> 20;

-- name: list_silences
select ssin, sector, institution from silence where ssin = any($1::bigint[]);

-- name: list_wholes
select sector, institution, as_of from whole order by sector, institution;

-- name: create_fed_memberships
create temporary table fed_membership (like membership including defaults) on commit drop;

-- name: rename_fed_memberships!
update fed_membership set ssin = replaced.replaced_by
from replaced where replaced.ssin = fed_membership.ssin;

-- name: close_overlapped!
-- What a newer view of the same source begins in the middle of, ends the day before.
update membership set end_date = fed.begin_date - 1, as_of = fed.as_of
from fed_membership fed
where membership.ssin = fed.ssin and membership.scope = fed.scope
  and membership.begin_date < fed.begin_date and membership.end_date >= fed.begin_date
  and membership.as_of <= fed.as_of;

-- name: store_fed_memberships
-- A source that feeds an older view of a membership does not undo a newer one.
insert into membership
select distinct on (ssin, scope, begin_date) * from fed_membership
order by ssin, scope, begin_date, as_of desc
on conflict (ssin, scope, begin_date) do update
set end_date = excluded.end_date, household = excluded.household, position = excluded.position,
  sector = excluded.sector, institution = excluded.institution, as_of = excluded.as_of,
  expires_on = excluded.expires_on
where membership.as_of < excluded.as_of;

-- name: store_silence!
insert into silence (ssin, sector, institution, as_of)
values (coalesce((select replaced_by from replaced where ssin = $1), $1), $2, $3, $4)
on conflict (ssin, sector, institution) do update set as_of = excluded.as_of
where silence.as_of < excluded.as_of;

-- name: break_silences!
-- Who says something of a person later, could say it.
delete from silence using fed
where silence.ssin = fed.ssin and silence.sector = fed.sector
  and silence.institution = fed.institution and silence.as_of < fed.as_of;

-- name: store_whole!
insert into whole (sector, institution, as_of) values ($1, $2, $3)
on conflict (sector, institution) do update set as_of = excluded.as_of
where whole.as_of < excluded.as_of;

-- name: purge_memberships
delete from membership where expires_on < $1;

-- name: move_memberships!
insert into membership
select $2, scope, begin_date, end_date, household, position, sector, institution, as_of,
  expires_on
from membership where ssin = $1
on conflict (ssin, scope, begin_date) do update
set end_date = excluded.end_date, household = excluded.household, position = excluded.position,
  sector = excluded.sector, institution = excluded.institution, as_of = excluded.as_of,
  expires_on = excluded.expires_on
where membership.as_of < excluded.as_of;

-- name: delete_memberships!
delete from membership where ssin = $1;

-- name: move_silences!
insert into silence
select $2, sector, institution, as_of from silence where ssin = $1
on conflict (ssin, sector, institution) do update set as_of = excluded.as_of
where silence.as_of < excluded.as_of;

-- name: delete_silences!
delete from silence where ssin = $1;
