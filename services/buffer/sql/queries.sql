-- name: list_facts
select ssin, sector, institution, fact_type, begin_date, end_date, as_of, expires_on,
  value, decided_on
from fact
where ssin = any($1::bigint[]) and expires_on >= $2;

-- name: list_feeds
select sector, institution, fact_type,
  max(as_of) as as_of,
  coalesce(sum(facts) filter (where expires_on >= $5), 0)::bigint as facts
from feed
where (sector, institution, fact_type) > ($1::smallint, $2::smallint, $3::text)
group by sector, institution, fact_type
order by sector, institution, fact_type
limit $4;

-- name: create_fed
create temporary table fed (like fact including defaults) on commit drop;

-- name: store_fed
-- A source that feeds an older view of a fact does not undo a newer one.
insert into fact
select distinct on (ssin, sector, institution, fact_type, begin_date) * from fed
order by ssin, sector, institution, fact_type, begin_date, as_of desc
on conflict (ssin, sector, institution, fact_type, begin_date) do update
set end_date = excluded.end_date, as_of = excluded.as_of, expires_on = excluded.expires_on,
  value = excluded.value, decided_on = excluded.decided_on
where fact.as_of < excluded.as_of;

-- name: purge_expired
delete from fact where expires_on < $1;

-- name: clear_feeds!
delete from feed;

-- name: count_feeds!
insert into feed
select sector, institution, fact_type, expires_on, max(as_of), count(*)
from fact
group by sector, institution, fact_type, expires_on;
