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

insert into feed
select sector, institution, fact_type, expires_on, max(as_of), count(*)
from fact
group by sector, institution, fact_type, expires_on;

grant select on feed to buffer;
