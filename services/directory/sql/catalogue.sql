-- name: list_holders
select cbe_number, key, sector, institution from organization;

-- name: list_keys
select cbe_number, key
from organization
where cbe_number = any ($1::bigint[]);

-- name: add_keys!
-- In one order, so that two who add the same ones never wait for each other in a ring.
insert into organization (cbe_number, sector, institution)
select told.cbe_number, told.sector, told.institution
from unnest($1::bigint[], $2::smallint[], $3::smallint[]) as told (cbe_number, sector, institution)
order by told.cbe_number
on conflict (cbe_number) do nothing;
