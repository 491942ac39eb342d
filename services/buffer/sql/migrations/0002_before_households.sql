-- Who was in which household when. A household is a number among those of its scope.
create table membership (
  ssin bigint not null,
  -- One of the scopes of data/statuses.yaml.
  scope text not null check (length(scope) between 1 and 64),
  begin_date date not null,
  -- The last day; infinity while there is none.
  end_date date not null default 'infinity',
  household bigint not null,
  -- 1 holder or reference person, 2 partner, 3 dependant, 20 in a collective household.
  position smallint not null,
  -- Who says so, and when it saw it so.
  sector smallint not null,
  institution smallint not null,
  as_of timestamptz not null,
  expires_on date not null,
  primary key (ssin, scope, begin_date),
  constraint membership_period_is_a_period check (begin_date <= end_date)
);

create index membership_by_household on membership (household, scope);
create index membership_by_expiry on membership (expires_on);

-- Of whom a source could not say anything.
create table silence (
  ssin bigint not null,
  sector smallint not null,
  institution smallint not null,
  as_of timestamptz not null,
  primary key (ssin, sector, institution)
);

-- Which sources have told all that they have, and when last: only of these does it mean anything that
-- they say nothing of somebody.
create table whole (
  sector smallint not null,
  institution smallint not null,
  as_of timestamptz not null,
  primary key (sector, institution)
);

grant select, insert, update, delete on membership, silence to buffer;
grant select on whole to buffer;
