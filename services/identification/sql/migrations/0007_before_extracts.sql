-- The day on which it was last said to exist: by an extract that held it, or by who registered it.
alter table enterprise add column seen_on date not null default '-infinity';
alter table establishment add column seen_on date not null default '-infinity';
-- The day of the extract from which it was missing.
alter table enterprise add column end_date date;

-- The extracts that were imported, by their day.
create table extract (
  day date primary key,
  imported_at timestamptz not null default now()
);
