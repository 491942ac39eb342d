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
  primary key (ssin, sector, institution, fact_type, begin_date),
  constraint period_is_a_period check (begin_date <= end_date)
);

create index fact_by_expiry on fact (expires_on);

grant select on fact to buffer;
