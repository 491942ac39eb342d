-- The view `held_subscription` names the columns that all of these read.

-- name: find_revision
select catalogue, subscriptions from revision;

-- name: list_subscriptions
-- All that had not ended on a day.
select * from held_subscription
where coalesce(end_date, 'infinity') >= $1;

-- name: list_changed_subscriptions
-- Those that were given or ended after a revision.
select * from held_subscription
where revision > $1;

-- name: list_subscriptions_of
-- A subscriber's own that had not ended on a day, after one of them.
select * from held_subscription
where subscriber = (select key from organization where cbe_number = $1)
  and coalesce(end_date, 'infinity') >= $2
  and ($3::uuid is null or key > $3)
order by key
limit $4;

-- name: find_subscription
-- Ended ones too: ending one again is answered as before.
select * from held_subscription
where key = $1;

-- name: add_subscription!
-- Its key is that of the ticket: an attempt before this one may have given it.
insert into subscription (
  key, subscriber, legal_context, data_contract, contract_version, event_type, quality_codes, minimum_phase,
  fields, mode, begin_date, end_date, deliberation_number, deliberation_version
)
select $1, organization.key, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
from organization
where organization.cbe_number = $2
on conflict (key) do nothing;

-- name: end_subscription!
-- The last day is never put off, and never before the first.
update subscription
set end_date = greatest(least(coalesce(end_date, $2), $2), begin_date)
where key = $1;
