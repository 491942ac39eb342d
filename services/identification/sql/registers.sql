-- name: lock_key
-- Until the end of the transaction: of two creations of the same person one waits for the other.
select pg_advisory_xact_lock($1);

-- name: find_creation
select content_sha256, ssin
from creation
where customer_cbe_number = $1 and request_id = $2;

-- name: add_creation!
insert into creation (customer_cbe_number, request_id, content_sha256, ssin, legal_context)
values ($1, $2, $3, $4, $5);

-- name: list_last_numbers_between
-- Those that begin with the same six digits as the last one.
select ssin
from person
where ssin between coalesce(
  (select max(ssin) / 100000 * 100000 from person where ssin between $1 and $2), $1
) and $2;

-- name: add_person!
insert into person (ssin, state) values ($1, 1);

-- name: add_name
with made as (
  insert into name (folded) values ($1) on conflict (folded) do nothing returning name_id
), keyed as (
  insert into name_key (key, name_id)
  select key, made.name_id from made, unnest($2::bigint[]) as key
)
select name_id from made;

-- name: find_name
select name_id from name where folded = $1;

-- name: store_identity!
insert into identity (
  ssin, last_name, first_names, last_name_id, first_name_id, birth_date, sex, register, proof
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (ssin) do update
set last_name = excluded.last_name, first_names = excluded.first_names,
  last_name_id = excluded.last_name_id, first_name_id = excluded.first_name_id,
  birth_date = excluded.birth_date, sex = excluded.sex, register = excluded.register,
  proof = excluded.proof;

-- name: find_identity_for_update
select identity.ssin, last_name, first_names, birth_date, sex, register, proof, known_from
from person
join identity on identity.ssin = person.ssin
where person.ssin = $1 and person.state = 1
for update;

-- name: tell_time
select clock_timestamp();

-- name: add_datum!
insert into datum (ssin, kind, valid_from, valid_until, known_from, origin, proof, content)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: close_datum!
update datum set known_until = $4
where ssin = $1 and kind = $2 and valid_from = $3 and known_until = 'infinity';

-- name: list_data
select kind, valid_from, valid_until, known_from, known_until, origin, proof, content
from datum
where ssin = $1
order by kind, valid_from, known_from;

-- name: set_decease!
update person set deceased_on = $2 where ssin = $1;

-- name: store_residence!
insert into residence (ssin, country_code, postal_code, street_id, house_number, box)
values ($1, $2, $3, $4, $5, $6)
on conflict (ssin) do update
set country_code = excluded.country_code, postal_code = excluded.postal_code,
  street_id = excluded.street_id, house_number = excluded.house_number, box = excluded.box;

-- name: delete_residence!
delete from residence where ssin = $1;

-- name: move_cards!
update card set ssin = $2 where ssin = $1;

-- name: close_data_of_replaced!
-- Where the number in its place has the group already, what was known of the old one is history.
update datum set known_until = clock_timestamp()
where ssin = $1 and known_until = 'infinity'
  and kind in (select kind from datum where ssin = $2 and known_until = 'infinity');

-- name: move_data!
update datum set ssin = $2
where ssin = $1
  and not exists (
    select from datum taken
    where taken.ssin = $2 and taken.kind = datum.kind and taken.valid_from = datum.valid_from
      and taken.known_from = datum.known_from
  );

-- name: move_identity!
insert into identity (
  ssin, last_name, first_names, last_name_id, first_name_id, birth_date, sex, register, proof,
  known_from
)
select $2, last_name, first_names, last_name_id, first_name_id, birth_date, sex, register, proof,
  known_from
from identity
where ssin = $1
on conflict (ssin) do nothing;

-- name: move_residence!
insert into residence (ssin, country_code, postal_code, street_id, house_number, box)
select $2, country_code, postal_code, street_id, house_number, box from residence where ssin = $1
on conflict (ssin) do nothing;

-- name: delete_identity!
delete from identity where ssin = $1;

-- name: store_card!
insert into card (card_number, ssin) values ($1, $2)
on conflict (card_number) do update set ssin = excluded.ssin;
