-- name: list_linked_numbers
-- The number, and all that it replaced or was replaced by, at most $2.
with recursive linked as (
  select $1::bigint as ssin
  union
  select next.ssin
  from linked
  cross join lateral (
    select replaced_by as ssin from person
    where person.ssin = linked.ssin and replaced_by is not null
    union all
    select person.ssin from person where person.replaced_by = linked.ssin
  ) next
)
select person.ssin, state, replaced_by, deceased_on, customer_cbe_number, created_at, legal_context
from (select ssin from linked limit $2) few
join person on person.ssin = few.ssin
left join creation on creation.ssin = few.ssin
order by person.ssin;

-- name: list_all_data
select ssin, kind, valid_from, valid_until, known_from, known_until, origin, proof, content
from datum
where ssin = any($1::bigint[])
order by ssin, kind, valid_from, known_from;

-- name: list_known_identities
select ssin, last_name, first_names, birth_date, sex, register, proof, known_from
from identity
where ssin = any($1::bigint[]);

-- name: list_all_cards
select card_number, valid_until
from card
where ssin = any($1::bigint[])
order by card_number
limit $2;
