-- What a customer did, or what was done for a purpose, is found by the grounds that say so. Within a
-- month they are indexed run by run, each of a quarter of a million records: new records touch the
-- end of the index only, equal keys share an entry, and what is rare is not looked for among all.
create function ground_run(sequence bigint, ground_id integer) returns bigint
language sql immutable strict parallel safe
return (sequence >> 18) << 32 | ground_id;

drop index record_by_customer;
create index record_by_ground on record (ground_run(sequence, ground_id));
create index ground_by_customer on ground (customer);

revoke execute on function ground_run from public;
grant execute on function ground_run to audit;
