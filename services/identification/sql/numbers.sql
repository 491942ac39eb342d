-- name: list_persons
select ssin, state, replaced_by, deceased_on from person where ssin = any($1::bigint[]);

-- name: list_chain_ends
-- Follows replacements to their end, at most $2 steps.
with recursive chain as (
  select ssin as asked, 0 as step, ssin, state, replaced_by, deceased_on
  from person
  where ssin = any($1::bigint[])
  union all
  select chain.asked, chain.step + 1, next.ssin, next.state, next.replaced_by, next.deceased_on
  from chain
  join person next on next.ssin = chain.replaced_by
  where chain.step < $2
)
select distinct on (asked) asked, ssin, state, replaced_by, deceased_on
from chain
order by asked, step desc;

-- name: create_loaded!
create temporary table loaded (
  line integer not null,
  ssin bigint not null,
  state smallint not null,
  replaced_by bigint,
  deceased_on integer
) on commit drop;

-- name: store_loaded!
-- Only what differs is written: loading again changes nothing.
insert into person (ssin, state, replaced_by, deceased_on)
select ssin, state, replaced_by, deceased_on from loaded order by ssin
on conflict (ssin) do update
set state = excluded.state, replaced_by = excluded.replaced_by, deceased_on = excluded.deceased_on
where (person.state, person.replaced_by, person.deceased_on)
  is distinct from (excluded.state, excluded.replaced_by, excluded.deceased_on);

-- name: note_newly_replaced!
create temporary table newly_replaced on commit drop as
select loaded.ssin
from loaded
left join person on person.ssin = loaded.ssin
where loaded.state = 2 and person.replaced_by is distinct from loaded.replaced_by;

-- name: add_loaded_replacements!
insert into replacement (ssin, replaced_by)
with recursive chain as (
  select newly_replaced.ssin, person.replaced_by, 1 as step
  from newly_replaced
  join person on person.ssin = newly_replaced.ssin
  union all
  select chain.ssin, next.replaced_by, chain.step + 1
  from chain
  join person next on next.ssin = chain.replaced_by and next.state = 2
  where chain.step < $1
)
select distinct on (ssin) ssin, replaced_by from chain where ssin <> replaced_by order by ssin, step desc;

-- name: list_astray
-- Lines whose replacements lead to a number that is not kept, in a circle, or on for too long.
with recursive chain as (
  select line, 0 as step, replaced_by from loaded where replaced_by is not null
  union all
  select chain.line, chain.step + 1, next.replaced_by
  from chain
  join person next on next.ssin = chain.replaced_by
  where chain.step < $1
)
select loaded.line
from loaded
where loaded.replaced_by is not null
  and not exists (
    -- The chain ends: its last step is at a number that is kept and not replaced itself.
    select from chain where chain.line = loaded.line and chain.replaced_by is null
  )
order by loaded.line
limit 100;
