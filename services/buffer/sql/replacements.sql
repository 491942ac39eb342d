-- name: find_followed
select sequence from followed;

-- name: lock_followed
-- One replica applies at a time, and no feed is stored meanwhile.
select sequence from followed for update;

-- name: wait_for_following
-- What is being moved is moved first: nothing is stored on a number that is just being left.
select sequence from followed for share;

-- name: find_successor
select replaced_by from replaced where ssin = $1;

-- name: move_facts!
-- Where both numbers have the same fact, what the source saw last stands.
insert into fact
select $2, sector, institution, fact_type, begin_date, end_date, as_of, expires_on,
  value, decided_on
from fact
where ssin = $1
on conflict (ssin, sector, institution, fact_type, begin_date) do update
set end_date = excluded.end_date, as_of = excluded.as_of, expires_on = excluded.expires_on,
  value = excluded.value, decided_on = excluded.decided_on
where fact.as_of < excluded.as_of;

-- name: delete_facts!
delete from fact where ssin = $1;

-- name: shorten_chains!
update replaced set replaced_by = $2 where replaced_by = $1;

-- name: forget_replaced!
-- A number that is in use again, after a correction of the registers.
delete from replaced where ssin = $1;

-- name: store_replaced!
insert into replaced (ssin, replaced_by) values ($1, $2)
on conflict (ssin) do update set replaced_by = excluded.replaced_by;

-- name: store_followed!
update followed set sequence = $1;

-- name: rename_fed!
update fed set ssin = replaced.replaced_by from replaced where replaced.ssin = fed.ssin;
