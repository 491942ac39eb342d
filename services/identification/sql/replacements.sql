-- name: lock_replacements
-- One replacement at a time: neither a circle nor a sequence out of order can come of two at once.
select pg_advisory_xact_lock(hashtext('replacements'));

-- name: find_person
select ssin, state, replaced_by, deceased_on from person where ssin = $1;

-- name: count_steps_before
-- The steps of the longest chain that ends with $1, as far as $2; ends with the circle it may be.
with recursive chain as (
  select ssin, 1 as step from person where replaced_by = $1
  union all
  select before.ssin, chain.step + 1
  from chain
  join person before on before.replaced_by = chain.ssin
  where chain.step < $2
)
select coalesce(max(step), 0) from chain;

-- name: replace_person!
update person set state = 2, replaced_by = $2 where ssin = $1;

-- name: add_replacement
insert into replacement (ssin, replaced_by)
values ($1, $2)
returning sequence, event_id, ssin, replaced_by, occurred_at;

-- name: list_replacements
select sequence, event_id, ssin, replaced_by, occurred_at
from replacement
where sequence > $1
order by sequence
limit $2;

-- name: list_untold_replacements
select sequence, event_id, ssin, replaced_by, occurred_at
from replacement
where told_at is null
order by sequence
limit $1;

-- name: tell_replacement!
update replacement set told_at = now() where sequence = $1 and told_at is null;
