-- name: list_subscriptions
-- Ended ones too: ending one again is answered as before.
select
  subscription.key, organization.cbe_number, subscription.legal_context, subscription.data_contract,
  subscription.contract_version, subscription.event_type, subscription.quality_codes, subscription.minimum_phase,
  subscription.fields, subscription.mode, subscription.begin_date, subscription.end_date,
  subscription.deliberation_number, subscription.deliberation_version
from subscription
join organization on organization.key = subscription.subscriber;

-- name: add_subscription!
insert into subscription (
  key, subscriber, legal_context, data_contract, contract_version, event_type, quality_codes, minimum_phase,
  fields, mode, begin_date, end_date, deliberation_number, deliberation_version
)
select $1, organization.key, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
from organization
where organization.cbe_number = $2;

-- name: end_subscription!
-- The last day is never put off, and never before the first.
update subscription
set end_date = greatest(least(coalesce(end_date, $2), $2), begin_date)
where key = $1;
