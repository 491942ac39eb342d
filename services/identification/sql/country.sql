-- name: find_any_person
select exists (select from identity) or exists (select from name);

-- name: drop_search_indexes!
drop index identity_by_name; alter table name_key drop constraint name_key_pkey; alter table name_key drop constraint name_key_name_id_fkey;

-- name: create_search_indexes!
set local maintenance_work_mem = '512MB';
alter table name_key add primary key (key, name_id);
alter table name_key add foreign key (name_id) references name;
create index identity_by_name on identity (last_name_id, birth_date)
  include (first_name_id, sex, ssin);

-- name: restart_name_numbers
select setval(pg_get_serial_sequence('name', 'name_id'), (select coalesce(max(name_id), 0) + 1 from name), false);

-- name: vacuum_identity!
vacuum (analyze) identity;

-- name: vacuum_name!
vacuum (analyze) name;

-- name: vacuum_name_key!
vacuum (analyze) name_key;

-- name: vacuum_person!
vacuum (analyze) person;
