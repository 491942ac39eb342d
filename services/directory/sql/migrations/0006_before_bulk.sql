-- How far a file has been loaded: stands beside what it loaded, so that an interrupted load goes on
-- where it was. A file is known by the digest of its content.
create table bulk_load (
  sha256 text primary key,
  lines bigint not null,
  rejected bigint not null,
  moved_at timestamptz not null default now()
);

-- How much the directory knows at the end of a month, in a sector and (without one) in all. The two
-- measures of the bank are kept apart: whom it has known, with how many actors, ended or not; and how
-- many dossiers are active.
create table figure (
  month date not null check (extract(day from month) = 1),
  sector smallint,
  persons bigint not null,
  actors bigint not null,
  active_dossiers bigint not null,
  counted_at timestamptz not null default now(),
  constraint figure_month_sector unique nulls not distinct (month, sector)
);

grant select on figure to directory;
