-- name: find_batch_of_ticket
select batch_id, customer, ticket, legal_context, contract_code, contract_version, state, item_count,
  done_count, counts, submitted_at, started_at, due_at, overdue, finished_at, kept_until, digest
from batch
where customer = $1 and ticket = $2 and state <> 0;

-- name: add_batch
insert into batch (batch_id, customer, ticket, sealed, legal_context, contract_code,
  contract_version, received_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (batch_id) do nothing;

-- name: add_chunk
insert into batch_chunk (batch_id, first, item_count, items)
values ($1, $2, $3, $4)
on conflict (batch_id, first) do nothing;

-- name: accept_batch
update batch set state = 1, digest = $2, item_count = $3, submitted_at = $4, due_at = $5
where batch_id = $1 and state = 0;

-- name: discard_batch
delete from batch where batch_id = $1 and state = 0;

-- name: note_overdue_batches
update batch set overdue = true
where state in (1, 2) and due_at <= $1 and not overdue
returning batch_id, customer, ticket, legal_context, contract_code, contract_version, state,
  item_count, done_count, counts, submitted_at, started_at, due_at, overdue, finished_at, kept_until,
  digest;

-- name: purge_batches
delete from batch where batch_id in (
  select batch_id from batch
  where kept_until <= $1 or (state = 0 and received_at < $2)
  limit $3
);

-- name: find_batch
select batch_id, customer, ticket, legal_context, contract_code, contract_version, state, item_count,
  done_count, counts, submitted_at, started_at, due_at, overdue, finished_at, kept_until, digest
from batch
where customer = $1 and batch_id = $2 and state <> 0;

-- name: find_order
select sealed from batch where batch_id = $1;

-- name: list_batches
-- Identifications sort by the time they were made.
select batch_id, customer, ticket, legal_context, contract_code, contract_version, state, item_count,
  done_count, counts, submitted_at, started_at, due_at, overdue, finished_at, kept_until, digest
from batch
where customer = $1 and state <> 0 and ($2::uuid is null or batch_id < $2)
order by batch_id desc
limit $3;

-- name: find_chunk
-- The one that holds a place, or the next.
select first, item_count, state, results
from batch_chunk
where batch_id = $1 and first + item_count > $2
order by first
limit 1;

-- name: cancel_batch
update batch set state = 4, finished_at = clock_timestamp(), kept_until = clock_timestamp() + $2
where batch_id = $1 and state in (1, 2);

-- name: drop_chunks_not_begun
delete from batch_chunk where batch_id = $1 and attempt = 0;

-- name: take_chunk
-- The batch that is due first goes before others; what was begun of one that was given up is ended.
with found as (
  select c.batch_id, c.first, b.item_count as batch_count
  from batch as b
  join batch_chunk as c using (batch_id)
  where b.state in (1, 2, 4) and c.state <> 3 and c.free_at <= clock_timestamp()
  order by b.due_at, c.batch_id, c.first
  limit 1
  for update of c skip locked
)
update batch_chunk as c
set attempt = c.attempt + 1, ended_badly = c.ended_badly + 1, free_at = clock_timestamp() + $1
from found
where c.batch_id = found.batch_id and c.first = found.first
returning c.batch_id, c.first, c.attempt, c.ended_badly, c.items, c.answered,
  found.batch_count;

-- name: start_batch
update batch set state = 2, started_at = clock_timestamp() where batch_id = $1 and state = 1;

-- name: renew_lease
update batch_chunk set free_at = clock_timestamp() + $4
where batch_id = $1 and first = $2 and attempt = $3 and state <> 3;

-- name: answer_chunk
update batch_chunk set state = 2, results = $4, answered = $5, counts = $6
where batch_id = $1 and first = $2 and attempt = $3 and state = 1;

-- name: finish_chunk
-- Who is in it stands in the results from now on.
update batch_chunk set state = 3, items = '', answered = null
where batch_id = $1 and first = $2 and attempt = $3 and state = 2
returning item_count, counts;

-- name: lock_counts
select counts from batch where batch_id = $1 for update;

-- name: count_results
update batch set done_count = done_count + $2, counts = $3
where batch_id = $1
returning batch_id, customer, ticket, legal_context, contract_code, contract_version, state,
  item_count, done_count, counts, submitted_at, started_at, due_at, overdue, finished_at, kept_until,
  digest;

-- name: release_chunk
update batch_chunk
set free_at = clock_timestamp() + $4, ended_badly = greatest(0, ended_badly - 1)
where batch_id = $1 and first = $2 and attempt = $3 and state <> 3;

-- name: shorten_chunk
update batch_chunk set item_count = $4, items = $5, ended_badly = 0, free_at = '-infinity'
where batch_id = $1 and first = $2 and attempt = $3 and state = 1;

-- name: add_second_half
insert into batch_chunk (batch_id, first, item_count, items, attempt)
values ($1, $2, $3, $4, $5);

-- name: close_batch
update batch set state = 3, finished_at = clock_timestamp(), kept_until = clock_timestamp() + $2
where batch_id = $1 and state = 2 and done_count = item_count;

-- name: drop_chunk
delete from batch_chunk where batch_id = $1 and first = $2 and attempt = $3 and state = 1;

-- name: stop_batch
-- Once nothing of it is under way.
update batch as b
set state = 5, finished_at = clock_timestamp(), kept_until = clock_timestamp() + $2
where b.batch_id = $1 and b.state in (1, 2)
  and not exists (select from batch_chunk as c where c.batch_id = b.batch_id and c.state <> 3);

-- name: list_worked_off_batches
select batch_id, customer, ticket, legal_context, contract_code, contract_version, state, item_count,
  done_count, counts, submitted_at, started_at, due_at, overdue, finished_at, kept_until, digest
from batch
where state = 2 and done_count = item_count;
