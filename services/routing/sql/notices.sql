-- name: list_published
select reference, event_id, digest, addressees, published_at
from published_event
where source = $1 and reference = any($2::text[]);

-- name: list_courses
-- The last step of each attestation.
select distinct on (attestation) attestation, step, kind, ssin, contract_code, contract_version,
  occurred_at
from published_event
where source = $1 and attestation = any($2::text[])
order by attestation, step desc;

-- name: add_published
-- In one order: a source that publishes the same events twice at the same time is told so, and neither
-- of the two waits for the other in a ring.
insert into published_event (source, reference, event_id, ssin, contract_code, contract_version,
  kind, attestation, step, event_type, occurred_at, published_at, digest, addressees)
select * from unnest($1::bigint[], $2::text[], $3::uuid[], $4::bigint[], $5::text[], $6::integer[],
  $7::smallint[], $8::text[], $9::integer[], $10::text[], $11::timestamptz[], $12::timestamptz[],
  $13::bytea[], $14::jsonb[]) as given (source, reference)
order by given.source, given.reference;

-- name: add_contents
insert into event_content (event_id, sealed, expires_at)
select * from unnest($1::uuid[], $2::bytea[], $3::timestamptz[]);

-- name: add_subscribers
insert into subscriber (subscriber)
select * from unnest($1::bigint[])
on conflict do nothing;

-- name: lock_subscribers
-- In one order, so that two publications never wait for each other.
select subscriber, last_position from subscriber
where subscriber = any($1::bigint[])
order by subscriber
for update;

-- name: add_notices
insert into notice (subscriber, position, notice_id, event_id, ssin, subscription_id, expires_at)
select * from unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::uuid[], $5::bigint[], $6::uuid[],
  $7::timestamptz[]);

-- name: store_positions
update subscriber set last_position = given.position
from (select * from unnest($1::bigint[], $2::bigint[]) as t(subscriber, position)) as given
where subscriber.subscriber = given.subscriber;

-- name: list_waiting
select n.position, n.notice_id, n.event_id, n.ssin, n.subscription_id, n.expires_at,
  e.source, e.reference, e.contract_code, e.contract_version, e.kind, e.attestation, e.event_type,
  e.occurred_at, e.published_at, c.sealed
from notice as n
join published_event as e using (event_id)
left join event_content as c using (event_id)
where n.subscriber = $1 and n.position > $2 and n.expires_at > $3
order by n.position
limit $4;

-- name: find_place
select last_position, expired_through, expired_count from subscriber where subscriber = $1;

-- name: count_waiting
-- No further than the bound that it is held against.
select count(*) from (
  select 1 from notice where subscriber = $1 and position <= $2 limit $3
) as waiting;

-- name: count_halted
-- How many subscribers have more waiting than may be out at the same time.
select count(*) from (
  select 1 from notice group by subscriber having count(*) >= $1
) as halted;

-- name: acknowledge
delete from notice where subscriber = $1 and notice_id = any($2::uuid[]);

-- name: withdraw
delete from notice where subscriber = $1 and position = any($2::bigint[]);

-- name: expire_notices
with expired as (
  delete from notice where (subscriber, position) in (
    select subscriber, position from notice where expires_at <= $1
    order by expires_at limit $2
  )
  returning subscriber, position
), counted as (
  select subscriber, max(position) as through, count(*) as expired from expired group by subscriber
), held as (
  select subscriber from subscriber where subscriber in (select subscriber from counted)
  order by subscriber for update
)
update subscriber
set expired_through = greatest(expired_through, counted.through),
  expired_count = expired_count + counted.expired
from counted join held using (subscriber) where subscriber.subscriber = counted.subscriber
returning subscriber.subscriber, counted.expired;

-- name: purge_contents
-- Of what nobody waits for any more.
delete from event_content where event_id in (
  select event_id from event_content as c
  where not exists (select 1 from notice as n where n.event_id = c.event_id)
  limit $1
);

-- name: purge_published
delete from published_event where event_id in (
  select event_id from published_event as e
  where published_at < $1
    and not exists (select 1 from notice as n where n.event_id = e.event_id)
  order by published_at limit $2
);
