-- The tiles and the notes of the log, where no folder is shared between the machines on which it grows
-- and those on which it is shown. They are what the files would be: proved by their signatures and by
-- the witness, not by standing here.
create table log_object (
  name text collate "C" primary key,
  content bytea not null
);

-- Hashes do not get shorter by compressing them.
alter table log_object alter column content set storage external;

grant select, insert, update, delete on log_object to audit;
