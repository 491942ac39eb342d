-- Facts on possible beneficiaries. The person is the first of the key: the table can be spread by it.
create table fact (
  ssin bigint not null,
  -- Who says so: its place in the network.
  sector smallint not null,
  institution smallint not null,
  -- One of data/statuses.yaml.
  fact_type text not null check (length(fact_type) between 1 and 64),
  begin_date date not null,
  -- The last day; infinity while there is none.
  end_date date not null default 'infinity',
  -- When the source saw it so.
  as_of timestamptz not null,
  -- The last day on which the fact may be used; it is deleted after that.
  expires_on date not null,
  -- The category; null while the source did not say it, or where the kind has none.
  value bigint,
  -- When the source decided it; null while the source did not say so.
  decided_on date,
  primary key (ssin, sector, institution, fact_type, begin_date),
  constraint period_is_a_period check (begin_date <= end_date)
);

create index fact_by_expiry on fact (expires_on);

-- How many facts of each feed can be used until which day, counted when facts are fed: who asks how
-- fresh the feeds are reads a row for each of those days and not every fact.
create table feed (
  sector smallint not null,
  institution smallint not null,
  fact_type text not null,
  expires_on date not null,
  as_of timestamptz not null,
  facts bigint not null check (facts > 0),
  primary key (sector, institution, fact_type, expires_on)
);

-- What is kept on a person follows the person's number. How far the feed of replacements has been
-- applied stands beside what it changed, so that each replacement is applied exactly once.
create table followed (
  one boolean primary key default true check (one),
  sequence bigint not null
);

insert into followed (sequence) values (0);

-- Which numbers are no longer used, for what sources still say of them; never a chain.
create table replaced (
  ssin bigint primary key,
  replaced_by bigint not null,
  constraint replaces_another check (replaced_by <> ssin)
);

create index replaced_by_number on replaced (replaced_by);

-- The load job feeds as the owner; the service moves facts with the numbers of their persons.
grant select, insert, update, delete on fact, replaced to buffer;
grant select, update on followed to buffer;
grant select on feed to buffer;
