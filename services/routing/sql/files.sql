-- name: lock_sequence
-- Files of one sender under one contract are announced and settled one after the other.
insert into file_sequence (organization, direction, contract_code, contract_version)
values ($1, 1, $2, $3)
on conflict (organization, direction, contract_code, contract_version)
  do update set next_number = file_sequence.next_number
returning next_number;

-- name: note_gap
update file_sequence set gap_number = $4, gap_at = coalesce(gap_at, $5)
where organization = $1 and direction = 1 and contract_code = $2 and contract_version = $3;

-- name: find_batch_file
select f.number, f.state, f.file_name, f.digest, f.announced_at, f.expires_at, f.rejection, f.field,
  f.status_code, b.batch_id, b.customer, b.ticket, b.legal_context, b.contract_code,
  b.contract_version, b.state as batch_state, b.item_count, b.done_count, b.counts, b.submitted_at,
  b.started_at, b.due_at, b.overdue, b.finished_at, b.kept_until, b.digest as batch_digest
from batch_file as f
left join batch as b on b.batch_id = f.batch_id
where f.sender = $1 and f.contract_code = $2 and f.contract_version = $3 and f.number = $4;

-- name: announce_file
insert into batch_file (sender, contract_code, contract_version, number, file_name, digest,
  announced_at, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: note_file_received
update batch_file set state = 2
where sender = $1 and contract_code = $2 and contract_version = $3 and number = $4 and state = 1;

-- name: validate_file
update batch_file set state = 3, batch_id = $5, settled_at = $6
where sender = $1 and contract_code = $2 and contract_version = $3 and number = $4
  and state in (1, 2);

-- name: reject_file
update batch_file
set state = 5, rejection = $5, field = $6, status_code = $7, settled_at = $8
where sender = $1 and contract_code = $2 and contract_version = $3 and number = $4
  and state in (1, 2);

-- name: follow_sequence
-- The next may come; whoever came before its turn is waited for no more once it is its turn.
update file_sequence
set next_number = $4 + 1,
  gap_number = case when gap_number > $4 + 1 then gap_number end,
  gap_at = case when gap_number > $4 + 1 then gap_at end
where organization = $1 and direction = 1 and contract_code = $2 and contract_version = $3
  and next_number = $4;

-- name: list_files_not_come
select sender, contract_code, contract_version, number
from batch_file
where state in (1, 2) and expires_at <= $1
order by expires_at
limit $2;

-- name: count_halted_sequences
select count(*) from file_sequence where gap_at is not null;

-- name: purge_files
delete from batch_file where (sender, contract_code, contract_version, number) in (
  select sender, contract_code, contract_version, number from batch_file
  where settled_at <= $1
  limit $2
);

-- name: find_result_file
select number from result_file where batch_id = $1;

-- name: take_result_number
insert into file_sequence (organization, direction, contract_code, contract_version, next_number)
values ($1, 2, $2, $3, 2)
on conflict (organization, direction, contract_code, contract_version)
  do update set next_number = file_sequence.next_number + 1
returning next_number - 1;

-- name: add_result_file
insert into result_file (batch_id, number) values ($1, $2);
