-- name: find_list
select list_id, sequence, project_id, ground, source, remark, code_count, digest, state,
  requested_by, requested_at, decided_by, decided_at, ended_at
from reidentification
where list_id = $1;

-- name: list_lists
select list_id, sequence, project_id, ground, source, remark, code_count, digest, state,
  requested_by, requested_at, decided_by, decided_at, ended_at
from reidentification
where project_id = $1 and sequence > $2
order by sequence
limit $3;

-- name: add_list!
insert into reidentification (
  list_id, project_id, ground, source, remark, code_count, digest, codes, state, requested_by,
  requested_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: move_list
update reidentification
set state = $3, decided_by = $4, decided_at = $5, ended_at = $6,
  codes = case when $3::smallint in (1, 2) then codes end
where list_id = $1 and state = $2
returning list_id;

-- name: find_codes
select codes from reidentification where list_id = $1;

-- name: end_lists!
update reidentification
set state = 4, ended_at = $2, codes = null
where project_id = $1 and state in (1, 2);
