-- What replaced what, in the order in which it happened: a feed for those who keep rows on persons,
-- and the outbox of what the trail must still be told.
create table replacement (
  -- Given under the lock on replacements, hence in the order of the commits: who has read up to a
  -- sequence has missed nothing below it.
  sequence bigint generated always as identity primary key,
  event_id uuid not null unique default gen_random_uuid(),
  ssin bigint not null,
  -- The end of the chain at that moment.
  replaced_by bigint not null,
  occurred_at timestamptz not null default now(),
  -- When the trail had it; absent until then.
  told_at timestamptz,
  constraint replaces_another check (replaced_by <> ssin)
);

create index replacement_untold on replacement (sequence) where told_at is null;

-- What was loaded before there was a feed, each with the end of its chain.
insert into replacement (ssin, replaced_by)
with recursive chain as (
  select ssin, replaced_by, 1 as step from person where state = 2
  union all
  select chain.ssin, next.replaced_by, chain.step + 1
  from chain
  join person next on next.ssin = chain.replaced_by and next.state = 2
  where chain.step < 10
)
select distinct on (ssin) ssin, replaced_by from chain order by ssin, step desc;

grant select, insert, update (told_at) on replacement to identification;
grant insert, update (state, replaced_by, deceased_on) on person to identification;

create index person_replaced_by on person (replaced_by) where replaced_by is not null;
