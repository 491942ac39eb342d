-- A month holds a hundred million records and more. Keys of persons are spread evenly, so one index
-- over all of them has no page that stays in memory: each record would cost a page read and written.
-- Keyed by runs of four million records, new records touch the pages of the last run only, and a
-- person is looked for once in each run.
create function subject_run(sequence bigint, subject_key bigint) returns bigint
language sql immutable strict parallel safe
return ((sequence >> 22) & 4095) << 52 | (subject_key & ((1::bigint << 52) - 1));

drop index record_by_subject;
-- Not only of records with a person: of such an index the planner would not know how little it finds.
create index record_by_subject on record (subject_run(sequence, subject_key));

revoke execute on function subject_run from public;
grant execute on function subject_run to audit;
