-- name: list_names_by_keys
-- Names that share a key, most keys in common first.
select name.name_id, name.folded
from (
  select name_id, count(*) as shared
  from name_key
  where key = any($1::bigint[])
  group by name_id
  order by shared desc, name_id
  limit $2
) found
join name on name.name_id = found.name_id;

-- name: search_identities
-- $1, $2 last names with how alike; $3, $4 first names; $5 to $7 the window of birth; $8 the date as
-- asked; $9 the sex or 0; $10 how many; $11 whether a first name was asked for.
with
  last_name as (select * from unnest($1::integer[], $2::real[]) as one (name_id, alike)),
  first_name as (select * from unnest($3::integer[], $4::real[]) as one (name_id, alike)),
  best as (
    select
      candidate.ssin,
      case when $11::boolean then
        0.55 * last_name.alike + 0.30 * coalesce(first_name.alike, 0)
      else
        0.85 * last_name.alike
      end
      + case
          when candidate.birth_date = $8 then 0.15
          when candidate.birth_date / 100 = $8 / 100 then 0.11
          when candidate.birth_date % 10000 = $8 % 10000 then 0.10
          else 0.08
        end as score
    from last_name
    cross join lateral (
      select ssin, birth_date, first_name_id, sex
      from identity
      where last_name_id = last_name.name_id and birth_date between $5 and $6
      union all
      select ssin, birth_date, first_name_id, sex
      from identity
      where last_name_id = last_name.name_id
        and birth_date = any($7::integer[]) and birth_date not between $5 and $6
    ) candidate
    left join first_name on first_name.name_id = candidate.first_name_id
    where $9::smallint = 0 or candidate.sex in (0, $9::smallint)
    order by score desc, ssin
    limit $10
  )
select identity.ssin, last_name, first_names, birth_date, sex, register, proof, best.score
from best
join identity on identity.ssin = best.ssin
order by best.score desc, identity.ssin;

-- name: search_residents
select identity.ssin, last_name, first_names, birth_date, sex, register, proof, street.alike as score
from unnest($1::integer[], $2::real[]) as street (name_id, alike)
join residence on residence.street_id = street.name_id
  and residence.postal_code = $3 and residence.country_code = $4
  and ($5 = '' or residence.house_number = $5) and ($6 = '' or residence.box = $6)
join identity on identity.ssin = residence.ssin
order by score desc, identity.ssin
limit $7;

-- name: list_identities
select ssin, last_name, first_names, birth_date, sex, register, proof
from identity
where ssin = any($1::bigint[]);

-- name: list_cards
select card_number, ssin, valid_until from card where ssin = any($1::bigint[]);
