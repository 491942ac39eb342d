-- name: lock_extracts!
-- One import at a time; who reads is not kept waiting.
lock table extract in exclusive mode;

-- name: find_last_extract
select max(day) from extract;

-- name: add_extract!
insert into extract (day) values ($1) on conflict do nothing;

-- name: count_missing
-- What exists as far as was known up to a day, and what of that an extract of the day lacks.
select 'enterprise' as kind,
  count(*) as known,
  count(*) filter (where imported.cbe_number is null) as missing
from enterprise
left join imported_enterprise imported on imported.cbe_number = enterprise.cbe_number
where enterprise.end_date is null and enterprise.seen_on < $1
union all
select 'establishment',
  count(*),
  count(*) filter (where imported.establishment_number is null)
from belonging
join establishment on establishment.establishment_number = belonging.establishment_number
left join imported_establishment imported
  on imported.establishment_number = belonging.establishment_number
where belonging.until = 'infinity' and belonging.since < $1 and establishment.seen_on < $1;

-- name: end_missing_enterprises!
update enterprise set status = $2, end_date = $1
where end_date is null and seen_on < $1
  and not exists (
    select from imported_enterprise imported where imported.cbe_number = enterprise.cbe_number
  );

-- name: end_missing_establishments!
update belonging set until = $1
from establishment
where establishment.establishment_number = belonging.establishment_number
  and belonging.until = 'infinity' and belonging.since < $1 and establishment.seen_on < $1
  and not exists (
    select from imported_establishment imported
    where imported.establishment_number = belonging.establishment_number
  );
