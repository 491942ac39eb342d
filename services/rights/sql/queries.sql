-- name: store_told!
-- Of two that tell the same body of the same right at the same time, the later stands.
insert into told
select * from unnest($1::bigint[], $2::text[], $3::text[], $4::date[], $5::smallint[], $6::date[],
  $7::date[], $8::date[], $9::timestamptz[], $10::date[])
on conflict (ssin, right_name, customer) do update
set day = excluded.day, verdict = excluded.verdict, begin_date = excluded.begin_date,
  end_date = excluded.end_date, rule_version = excluded.rule_version,
  told_at = excluded.told_at, expires_on = excluded.expires_on
where told.told_at <= excluded.told_at;

-- name: purge_told
delete from told where ctid = any(array(select ctid from told where expires_on < $1 limit $2));

-- name: find_followed
select sequence from followed;

-- name: lock_followed
-- One replica applies at a time.
select sequence from followed for update;

-- name: move_told!
-- Where both numbers have been told of, what was told last stands.
insert into told
select $2, right_name, customer, day, verdict, begin_date, end_date, rule_version, told_at, expires_on
from told where ssin = $1
on conflict (ssin, right_name, customer) do update
set day = excluded.day, verdict = excluded.verdict, begin_date = excluded.begin_date,
  end_date = excluded.end_date, rule_version = excluded.rule_version,
  told_at = excluded.told_at, expires_on = excluded.expires_on
where told.told_at < excluded.told_at;

-- name: delete_told!
delete from told where ssin = $1;

-- name: store_followed!
update followed set sequence = $1;
