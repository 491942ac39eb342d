-- What the log shows, where it is kept in the database: tiles and notes by their names.

-- name: find_log_object$
select content
from log_object
where name = $1;

-- name: list_log_objects
-- Names are compared byte by byte, and 0 comes after the stroke: all that is in a folder stands
-- together.
select name
from log_object
where name >= $1 || '/'
  and name < $1 || '0';

-- name: put_log_objects!
insert into log_object (name, content)
select *
from unnest($1::text[], $2::bytea[])
on conflict (name) do update set content = excluded.content;

-- name: add_log_object$
insert into log_object (name, content)
values ($1, $2)
on conflict (name) do nothing
returning true;

-- name: replace_log_object$
update log_object
set content = $2
where name = $1
  and content = $3
returning true;

-- name: remove_log_objects!
delete from log_object
using unnest($1::text[]) as folder
where name >= folder || '/'
  and name < folder || '0';
