-- name: find_project
select project_id, sequence, plan, key_digest, destruction, content_sha256, report,
  released_at, delivered_at
from project
where project_id = $1;

-- name: list_projects
select project_id, sequence, plan, key_digest, destruction, content_sha256, report,
  released_at, delivered_at
from project
where sequence > $1
order by sequence
limit $2;

-- name: list_ended_projects
select project_id, sequence, plan, key_digest, destruction, content_sha256, report,
  released_at, delivered_at
from project
where state not in (7, 8) and end_date < $1
order by end_date, project_id
limit 20;

-- name: list_unconfirmed_projects
select project_id, sequence, plan, key_digest, destruction, content_sha256, report,
  released_at, delivered_at
from project
where state = 7 and key_digest <> '' and destruction is null
order by sequence
limit 20;

-- name: list_steps
select project_id, state, at, actor, office, remark, record_id
from project_step
where project_id = any ($1::uuid[])
order by project_id, number;

-- name: add_project!
insert into project (project_id, plan, end_date, state)
values ($1, $2, $3, $4);

-- name: add_step!
insert into project_step (project_id, number, state, at, actor, office, remark, record_id)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: find_offices
select office from project_step where actor = $1
union
select 1 from reidentification where requested_by = $1
union
select 2 from reidentification where decided_by = $1;

-- name: lock_state
select state from project where project_id = $1 for update;

-- name: move_project!
update project set state = $2 where project_id = $1;

-- name: open_project!
update project set state = $2, seed = $3, key_digest = $4 where project_id = $1;

-- name: release_project!
update project
set state = $2, content_sha256 = $3, report = $4::jsonb, released_at = $5
where project_id = $1;

-- name: deliver_project!
update project set state = $2, delivered_at = $3 where project_id = $1;

-- name: close_project!
update project set state = $2, seed = null where project_id = $1;

-- name: confirm_destruction!
update project set destruction = $2 where project_id = $1;

-- name: find_seed
select seed from project where project_id = $1;
