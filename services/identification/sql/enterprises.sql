-- name: find_enterprise
select cbe_number, name, status, juridical_form, start_date, postal_code, end_date
from enterprise
where cbe_number = $1;

-- name: find_owner
select cbe_number from belonging where establishment_number = $1 and until = 'infinity';

-- name: list_states
select cbe_number, status, end_date from enterprise where cbe_number = any($1::bigint[]);

-- name: list_last_belongings
-- Where establishments belong, or belonged last.
select distinct on (establishment_number) establishment_number, cbe_number,
  nullif(until, 'infinity') as until
from belonging
where establishment_number = any($1::bigint[])
order by establishment_number, since desc;

-- name: list_establishments
select establishment.establishment_number, name, postal_code, cbe_number, since
from belonging
join establishment on establishment.establishment_number = belonging.establishment_number
where cbe_number = $1 and until = 'infinity'
order by establishment.establishment_number
limit 1000;

-- name: store_enterprise!
insert into enterprise (
  cbe_number, name, status, juridical_form, start_date, postal_code, seen_on
)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (cbe_number) do update
set name = excluded.name, status = excluded.status, juridical_form = excluded.juridical_form,
  start_date = excluded.start_date, postal_code = excluded.postal_code,
  seen_on = greatest(enterprise.seen_on, excluded.seen_on), end_date = null
where (enterprise.*) is distinct from (excluded.*);

-- name: store_establishment!
insert into establishment (establishment_number, name, postal_code, seen_on)
values ($1, $2, $3, $4)
on conflict (establishment_number) do update
set name = excluded.name, postal_code = excluded.postal_code,
  seen_on = greatest(establishment.seen_on, excluded.seen_on);

-- name: find_belonging_for_update
select cbe_number, since
from belonging
where establishment_number = $1 and until = 'infinity'
for update;

-- name: end_belonging!
update belonging set until = $2 where establishment_number = $1 and until = 'infinity';

-- name: correct_belonging!
update belonging set cbe_number = $2 where establishment_number = $1 and until = 'infinity';

-- name: add_belonging!
-- What was ended belongs again when somebody registers it from the same day on.
insert into belonging (establishment_number, since, cbe_number) values ($1, $2, $3)
on conflict (establishment_number, since) do update
set cbe_number = excluded.cbe_number, until = 'infinity';

-- name: create_imported!
create temporary table imported_enterprise (
  cbe_number bigint primary key,
  name text not null,
  status text not null,
  juridical_form text not null,
  start_date date,
  postal_code text not null
) on commit drop;
create temporary table imported_establishment (
  establishment_number bigint primary key,
  name text not null,
  postal_code text not null,
  cbe_number bigint not null,
  since date not null
) on commit drop;

-- name: store_imported_enterprises!
-- What somebody registered after the day of the extract is newer than it.
insert into enterprise (
  cbe_number, name, status, juridical_form, start_date, postal_code, seen_on
)
select cbe_number, name, status, juridical_form, start_date, postal_code, $1
from imported_enterprise
on conflict (cbe_number) do update
set name = excluded.name, status = excluded.status, juridical_form = excluded.juridical_form,
  start_date = excluded.start_date, postal_code = excluded.postal_code,
  seen_on = excluded.seen_on, end_date = null
where enterprise.seen_on <= excluded.seen_on
  and (enterprise.*) is distinct from (excluded.*);

-- name: list_imported_strays
-- Establishments of an enterprise that nobody knows.
select establishment_number
from imported_establishment
where not exists (
  select from enterprise where enterprise.cbe_number = imported_establishment.cbe_number
)
order by establishment_number
limit 100;

-- name: store_imported_establishments!
insert into establishment (establishment_number, name, postal_code, seen_on)
select establishment_number, name, postal_code, $1 from imported_establishment
on conflict (establishment_number) do update
set name = excluded.name, postal_code = excluded.postal_code, seen_on = excluded.seen_on
where establishment.seen_on <= excluded.seen_on
  and (establishment.*) is distinct from (excluded.*);

-- name: end_imported_belongings!
-- An extract tells who owns an establishment today, not since when: it moved on the day of the
-- extract, unless it was not known before.
update belonging set until = $1
from imported_establishment imported
where imported.establishment_number = belonging.establishment_number
  and belonging.until = 'infinity'
  and belonging.cbe_number <> imported.cbe_number
  and belonging.since < $1;

-- name: add_imported_belongings!
insert into belonging (establishment_number, since, cbe_number)
select imported.establishment_number,
  case when exists (
    select from belonging before where before.establishment_number = imported.establishment_number
  ) then $1 else imported.since end,
  imported.cbe_number
from imported_establishment imported
where not exists (
  select from belonging now
  where now.establishment_number = imported.establishment_number and now.until = 'infinity'
);
