-- name: count_units
insert into numbering (project_id, source, day, units)
values ($1, $2, $3, $4)
on conflict (project_id, source, day) do update
set units = numbering.units + excluded.units
where numbering.units + excluded.units <= $5
returning units;

-- name: share_state
select state from project where project_id = $1 for share;

-- name: find_chunk
select digest from chunk where project_id = $1 and source = $2 and chunk_id = $3;

-- name: add_chunk!
insert into chunk (project_id, source, chunk_id, digest) values ($1, $2, $3, $4);

-- name: list_held
select place, source, sealed
from held_row
where project_id = $1
order by place, source;

-- name: count_held
select count(*) from held_row where project_id = $1;

-- name: delete_held!
delete from held_row where project_id = $1;

-- name: delete_chunks!
delete from chunk where project_id = $1;

-- name: delete_pages!
delete from page where project_id = $1;

-- name: delete_numberings!
delete from numbering where project_id = $1;

-- name: find_page
select sealed from page where project_id = $1 and number = $2;
