-- name: find_followed
select sequence from followed;

-- name: lock_followed
-- One replica applies at a time.
select sequence from followed for update;

-- name: store_followed!
update followed set sequence = $1;

-- name: hold_numbers
-- Whoever writes dossiers holds this, shared by all who do: meanwhile no number is replaced. A lock of
-- the database and not of a row, for a row that all lock would be written by all.
select pg_advisory_xact_lock_shared(hashtext('numbers'));

-- name: bound_waiting!
-- Who waits to hold the numbers alone keeps others from sharing them: never for long.
set local lock_timeout = '100ms';

-- name: hold_numbers_alone
select pg_advisory_xact_lock(hashtext('numbers'));

-- name: list_replaced
select ssin, replaced_by from replaced where ssin = any ($1::bigint[]);

-- name: shorten_chains!
update replaced set replaced_by = $2 where replaced_by = $1 and ssin <> $2;

-- name: forget_replaced!
-- A number that is in use again, after a correction of the registers.
delete from replaced where ssin = $1;

-- name: store_replaced!
insert into replaced (ssin, replaced_by) values ($1, $2)
on conflict (ssin) do update set replaced_by = excluded.replaced_by;

-- name: rename_incoming!
update incoming set ssin = replaced.replaced_by from replaced where replaced.ssin = incoming.ssin;
