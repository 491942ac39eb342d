-- name: add_records
-- One array for each column. Null if another month is open; fails if what was handed over is not kept.
select add_records($1, $2::integer[], $3::integer[], $4::bigint[], $5::uuid[], $6::uuid[], $7::bytea[]);

-- name: add_grounds
insert into ground (sha256, customer, legal_context, content)
select * from unnest($1::bytea[], $2::integer[], $3::text[], $4::bytea[])
on conflict (sha256) do nothing;

-- name: list_grounds
select ground_id, sha256
from ground
where sha256 = any($1::bytea[]);

-- name: begin_month
select begin_month($1, $2);

-- name: list_months
select month, key_version, wrapped_key
from month
where forgotten_at is null
order by month;

-- name: list_records_by_ticket
-- In the order of the index on tickets, which for one ticket is that of recording.
select r.sequence, r.record_id, r.ticket, r.content, g.content as ground
from record r
join ground g using (ground_id)
where r.ticket = $1 and r.sequence > $2
order by r.ticket, r.sequence
limit $3;

-- name: list_records_by_subject
-- One look for each run of a month. `all(array[...])` leads to the partition like a plain comparison
-- does, but not to the index on the order of recording, in which a whole month would be read; within
-- a run the order of the index on persons is that of recording.
select r.sequence, r.record_id, r.ticket, r.content, g.content as ground
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as m (begins, ends, run, key)
cross join lateral (
  select record.sequence, record.record_id, record.ticket, record.content, record.ground_id
  from record
  where subject_run(record.sequence, record.subject_key) = m.run
    and record.subject_key = m.key
    and record.sequence >= all(array[m.begins]) and record.sequence < all(array[m.ends])
    and record.sequence > $5
  order by subject_run(record.sequence, record.subject_key), record.sequence
  limit $6
) r
join ground g using (ground_id)
order by r.sequence
limit $6;

-- name: add_replacement
insert into replacement (event_id, occurred_at, old_key, old_key_version, old_encrypted, new_key, new_key_version, new_encrypted)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (event_id) do nothing
returning event_id;

-- name: find_replacement
select event_id, occurred_at, old_key, old_key_version, old_encrypted, new_key, new_key_version, new_encrypted
from replacement
where event_id = $1;

-- name: list_replacements
-- Every replacement that one of the numbers had a part in, whatever the version of its key.
select event_id, occurred_at, old_key, old_key_version, old_encrypted, new_key, new_key_version, new_encrypted
from replacement
where old_key = any($1::bytea[]) or new_key = any($1::bytea[])
order by event_id
limit $2;

-- name: copy_records
-- What a copy is made of: without parameters, and without an end.
select sequence, customer, ground_id, record_id, ticket, subject_key, content
from record
where sequence > {after} and sequence <= {until}
order by sequence
limit {most}

-- name: list_grounds_after
select ground_id, customer, content
from ground
where ground_id > $1
order by ground_id;

-- name: list_grounds_by_id
select ground_id, customer, content
from ground
where ground_id = any($1::integer[]);

-- name: claim_log
select pg_try_advisory_lock(hashtext('log'));

-- name: begin_epoch
update log_state set epoch = epoch + 1 returning epoch;

-- name: find_log_state
select size, root, last_sequence, advanced_at
from log_state;

-- name: settled
select settled();

-- name: advance_log
-- Of two that grow the tree one finds another epoch here, or another size.
update log_state
set size = $4, root = $5, last_sequence = $6, advanced_at = greatest(advanced_at, clock_timestamp())
where epoch = $1 and size = $2 and last_sequence = $3
returning advanced_at;

-- name: add_spans
insert into span (first_index, first_sequence, count, integrated_at)
select n.*, $4 from unnest($1::bigint[], $2::bigint[], $3::integer[]) as n;

-- name: list_indexes
select s.sequence, span.first_index + (s.sequence - span.first_sequence) as log_index
from unnest($1::bigint[]) as s (sequence)
cross join lateral (
  select first_index, first_sequence, count
  from span
  where first_sequence <= s.sequence
  order by first_sequence desc
  limit 1
) span
where s.sequence < span.first_sequence + span.count;

-- name: find_record
-- The record with an identification, in whatever month.
select r.sequence, r.record_id, r.ticket, r.content, r.subject_key, g.content as ground
from record r
join ground g using (ground_id)
where r.record_id = $1;

-- name: list_records_by_id
-- Of some records made in a month, those that are in it or in the one before.
select r.sequence, r.record_id, r.ticket, r.content, r.subject_key, coalesce(g.content, '') as ground
from record r
left join ground g using (ground_id)
where r.record_id = any($1::uuid[]) and r.sequence >= $2 and r.sequence < $3;

-- name: find_waiting
-- Whether the last record is beyond: to look for any that is would read all when there is none.
select size, last_sequence, coalesce((select max(sequence) from record) > last_sequence, false) as is_waiting
from log_state;

-- name: list_spans_between
-- The runs that have a part in the tree from one index to before another.
select first_index, first_sequence, count
from span
where first_index < $2
  and first_index >= coalesce((select max(first_index) from span where first_index <= $1), 0)
  and first_index + count > $1
order by first_index;

-- name: find_whole_state
select size, root, last_sequence, advanced_at, (select max(sequence) from record) as last_place,
  (select case when is_called then last_value else last_value - 1 end from record_sequence) as handed_out
from log_state;

-- name: sum_places
select coalesce(sum(count), 0) as size, max(first_sequence + count - 1) as last_place,
  max(integrated_at) as integrated_at
from span;

-- name: list_passed_over
-- Records behind the last run of the tree that it will not come to any more.
select sequence, record_id
from record
where sequence > $1 and sequence <= $2
order by sequence
limit $3;

-- name: list_placed
select first_index, first_sequence, count, integrated_at
from span
where first_index >= $1
order by first_index
limit $2;

-- name: find_place_before
-- The last place in the order of recording that comes before an index.
select max(first_sequence + least(count, $1::bigint - first_index) - 1)
from span
where first_index = (select max(first_index) from span where first_index < $1);

-- name: list_grounds_to_verify
select ground_id, sha256, customer, legal_context, content
from ground
where ground_id > $1
order by ground_id
limit $2;

-- name: list_forgotten_months
select month
from month
where forgotten_at is not null
order by month;

-- name: list_all_months
select month, key_version, wrapped_key, frozen_for, forgotten_at
from month
order by month;

-- name: freeze_month
update month
set frozen_for = $2
where month = $1 and forgotten_at is null
returning month;

-- name: find_unmerged_in_month
-- Whether the tree has not come past the end of a month.
select coalesce(
  (
    select max(sequence)
    from record
    where sequence >= $1::bigint << 34 and sequence < ($1::bigint + 1) << 34
  ) > (select last_sequence from log_state),
  false
);

-- name: forget_month
update month
set key_version = null, wrapped_key = null, forgotten_at = clock_timestamp()
where month = $1 and frozen_for is null
returning month;

-- name: rewrap_month
update month
set key_version = $2, wrapped_key = $3
where month = $1
returning month;

-- name: list_grounds_of_acts
-- Acts of the trail itself are of no customer and no purpose.
select ground_id, content
from ground
where customer = 0 and legal_context = '';

-- name: list_spans_of_month
select first_index, first_sequence, count
from span
where first_sequence >= $1 and first_sequence < $2
order by first_index;

-- name: count_between
select count(*)
from record
where sequence > $1 and sequence <= $2;

-- name: put_records_back
insert into record (sequence, customer, ground_id, subject_key, record_id, ticket, content)
select n.*
from unnest($1::bigint[], $2::integer[], $3::integer[], $4::bigint[], $5::uuid[], $6::uuid[], $7::bytea[]) as n
on conflict do nothing
returning sequence;

-- name: find_bounds
-- Between which places is what came into the log from one instant to before another; what is not in
-- it yet comes now.
select
  coalesce(
    (
      select first_sequence - 1
      from span
      where integrated_at >= $1
      order by integrated_at, first_sequence
      limit 1
    ),
    last_sequence
  ) as after,
  coalesce(
    (
      select first_sequence - 1
      from span
      where integrated_at >= $2
      order by integrated_at, first_sequence
      limit 1
    ),
    case when $2 > clock_timestamp() then 9223372036854775807 else last_sequence end
  ) as until
from log_state;

-- name: list_grounds_of
-- Of a customer, of a purpose, or of both.
select ground_id
from ground
where ($1::integer is null or customer = $1) and ($2::text is null or legal_context = $2);

-- name: list_last_places
-- The last place of each month that has a part between two places; nothing of a forgotten month.
select month, last.place
from month
cross join lateral (
  select max(sequence) as place
  from record
  where sequence >= month::bigint << 34 and sequence < (month::bigint + 1) << 34
) last
where month between ($1::bigint >> 34) and ($2::bigint >> 34) and last.place is not null
order by month;

-- name: list_records_of_grounds
-- Those of a few places in the order of recording, looked through one by one.
select r.sequence, r.record_id, r.ticket, r.content, g.content as ground
from record r
join ground g using (ground_id)
where r.sequence > $2 and r.sequence <= $3 and r.ground_id = any($1::integer[])
order by r.sequence
limit $4;

-- name: list_records_by_ground
-- One look for each run and ground, in one month; `all(array[...])` as above.
select r.sequence, r.record_id, r.ticket, r.content, g.content as ground
from unnest($1::bigint[]) as key
cross join lateral (
  select record.sequence, record.record_id, record.ticket, record.content, record.ground_id
  from record
  where ground_run(record.sequence, record.ground_id) = key
    and record.sequence >= all(array[$2::bigint << 34])
    and record.sequence < all(array[($2::bigint + 1) << 34])
    and record.sequence + 0 > $3 and record.sequence + 0 <= $4
  order by record.sequence + 0
  limit $5
) r
join ground g using (ground_id)
order by r.sequence
limit $5;

-- name: list_records_between
select r.sequence, r.record_id, r.ticket, r.content, g.content as ground
from record r
join ground g using (ground_id)
where r.sequence > $1 and r.sequence <= $2
order by r.sequence
limit $3;
