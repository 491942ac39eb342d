-- What granting bodies were told of the rights of persons, so that they can be told when it changes: the
-- last verdict of each, never a fact, and no longer than it serves. The person is the first of the key:
-- the table can be spread by it.
create table told (
  ssin bigint not null,
  right_name text not null check (length(right_name) between 1 and 48),
  -- The organization that was told: its enterprise number, or its place in the network.
  customer text not null check (length(customer) between 1 and 16),
  -- On which day it asked for.
  day date not null,
  -- 1 granted, 2 refused, 3 undecided.
  verdict smallint not null check (verdict between 1 and 3),
  -- The days of the grant; null unless granted, infinity while there is no end.
  begin_date date,
  end_date date,
  -- The version of the law that decided; null if none was law on the day.
  rule_version date,
  told_at timestamptz not null,
  -- The last day on which it is kept.
  expires_on date not null,
  primary key (ssin, right_name, customer),
  constraint granted_has_days check ((verdict = 1) = (begin_date is not null))
);

create index told_by_expiry on told (expires_on);

-- How far the feed of replaced numbers has been applied, beside what it changed.
create table followed (
  one boolean primary key default true check (one),
  sequence bigint not null
);

insert into followed (sequence) values (0);

grant select, insert, update, delete on told to rights;
grant select, update on followed to rights;
