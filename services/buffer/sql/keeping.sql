-- name: purge_facts
delete from fact
where ctid = any(array(select ctid from fact where expires_on < $1 limit $2));

-- name: purge_households
delete from membership
where ctid = any(array(select ctid from membership where expires_on < $1 limit $2));

-- name: list_persons_after
-- Of whom anything is kept, by number.
select ssin from (
  (select distinct ssin from fact where ssin > $1 order by ssin limit $2)
  union
  (select distinct ssin from membership where ssin > $1 order by ssin limit $2)
  union
  (select distinct ssin from silence where ssin > $1 order by ssin limit $2)
) known
order by ssin
limit $2;

-- name: list_beneficiaries
-- Whom a right can concern: who has a status, or shares a household with somebody who has one.
select ssin from fact
where ssin = any($1::bigint[]) and expires_on >= $2 and fact_type <> all($3::text[])
union
select own.ssin
from membership own
join membership other on other.household = own.household and other.scope = own.scope
join fact on fact.ssin = other.ssin
where own.ssin = any($1::bigint[])
  and own.position <> 20 and other.position <> 20
  and own.expires_on >= $2 and other.expires_on >= $2
  and fact.expires_on >= $2 and fact.fact_type <> all($3::text[]);

-- name: count_expired
select (select count(*) from fact where ssin = any($1::bigint[]) and expires_on < $2)
  + (select count(*) from membership where ssin = any($1::bigint[]) and expires_on < $2);

-- name: drop_facts!
with gone as (
  delete from fact where ssin = any($1::bigint[])
  returning sector, institution, fact_type, expires_on
), counted as (
  select sector, institution, fact_type, expires_on, count(*) as many
  from gone group by sector, institution, fact_type, expires_on
), emptied as (
  delete from feed using counted
  where (feed.sector, feed.institution, feed.fact_type, feed.expires_on)
    = (counted.sector, counted.institution, counted.fact_type, counted.expires_on)
    and feed.facts <= counted.many
)
update feed set facts = feed.facts - counted.many
from counted
where (feed.sector, feed.institution, feed.fact_type, feed.expires_on)
  = (counted.sector, counted.institution, counted.fact_type, counted.expires_on)
  and feed.facts > counted.many;

-- name: drop_memberships!
delete from membership where ssin = any($1::bigint[]);

-- name: drop_silences!
delete from silence where ssin = any($1::bigint[]);
