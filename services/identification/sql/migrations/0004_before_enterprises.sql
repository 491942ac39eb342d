-- Enterprises, as the Crossroads Bank for Enterprises publishes them.
create table enterprise (
  cbe_number bigint primary key,
  name text not null,
  status text not null,
  juridical_form text not null,
  start_date date,
  postal_code text not null
);

-- Establishment units.
create table establishment (
  establishment_number bigint primary key,
  name text not null,
  postal_code text not null
);

-- Which enterprise an establishment belongs to, from a day on: it can move.
create table belonging (
  establishment_number bigint not null references establishment,
  since date not null,
  cbe_number bigint not null references enterprise,
  until date not null default 'infinity',
  primary key (establishment_number, since),
  constraint belongs_for_a_while check (since < until)
);

-- To one enterprise at a time.
create unique index belongs_to_one on belonging (establishment_number) where until = 'infinity';
create index belonging_to on belonging (cbe_number, establishment_number) where until = 'infinity';

grant select, insert, update on enterprise, establishment to identification;
grant select, insert, update (until, cbe_number) on belonging to identification;
