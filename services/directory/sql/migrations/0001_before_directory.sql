-- Who can have dossiers, subscriptions and dossiers.
--
-- Organizations and data contracts are the registry's. What stays here of an organization is the key
-- under which its dossiers are kept, given when it is first heard of.
create table organization (
  key integer generated always as identity primary key,
  cbe_number bigint not null constraint organization_cbe_number unique,
  sector smallint check (sector between 0 and 999),
  institution smallint check (institution between 0 and 999),
  constraint organization_place check ((sector is null) = (institution is null))
);

-- Who wants to be told of what. Nothing is removed: a subscription gets a last day.
create table subscription (
  key uuid primary key,
  subscriber integer not null references organization,
  legal_context text not null,
  data_contract text not null,
  contract_version smallint not null,
  event_type text not null,
  quality_codes smallint[] not null check (cardinality(quality_codes) > 0),
  minimum_phase smallint not null check (minimum_phase between 0 and 99),
  fields text[] not null,
  mode text not null check (mode in ('STREAM', 'BATCH', 'QUEUE')),
  begin_date date not null,
  end_date date,
  deliberation_number text not null,
  deliberation_version integer not null,
  given_at timestamptz not null default now(),
  -- Under which revision it was last changed.
  revision bigint not null default 0
);

create index subscription_revision on subscription (revision);
create index subscription_end on subscription ((coalesce(end_date, 'infinity')));
create index subscription_subscriber on subscription (subscriber, key);

-- What was last changed, so that who keeps it in memory reads one row while nothing is new, and only
-- what is new of subscriptions. The database counts by itself: nobody who writes can forget it. The
-- row is a lock too, so that revisions become visible in their own order.
create table revision (
  single boolean primary key default true check (single),
  catalogue bigint not null default 0,
  subscriptions bigint not null default 0
);
insert into revision default values;

create function advance_catalogue() returns trigger language plpgsql as $$
begin
  update revision set catalogue = catalogue + 1;
  return null;
end
$$;

create trigger advanced after insert or update or delete on organization
for each statement execute function advance_catalogue();

create function advance_subscriptions() returns trigger language plpgsql as $$
begin
  update revision set subscriptions = subscriptions + 1 returning subscriptions into new.revision;
  return new;
end
$$;

create trigger advanced before insert or update on subscription
for each row execute function advance_subscriptions();

create view held_subscription as
select
  subscription.key, organization.cbe_number, subscription.legal_context, subscription.data_contract,
  subscription.contract_version, subscription.event_type, subscription.quality_codes, subscription.minimum_phase,
  subscription.fields, subscription.mode, subscription.begin_date, subscription.end_date,
  subscription.deliberation_number, subscription.deliberation_version, subscription.subscriber,
  subscription.revision
from subscription
join organization on organization.key = subscription.subscriber;

-- Dossiers stand as one row a person, as parallel arrays in the order of organization, quality and
-- first day: what is asked is always one person, and eleven dossiers then cost one row header and one
-- index entry instead of eleven (41 bytes a dossier with its index, against 145 to 190 as rows with
-- an exclusion constraint). The row is also the lock: whoever changes a person's dossiers waits for
-- whoever does, and the check below sees the outcome of both. It is the exclusion constraint.
--
-- Whether the dossiers stand in order of organization, quality and first day, each ends on or after
-- its first day, and no organization has two on one person in one quality on one day. In that order,
-- any two that overlap include two neighbours. A loop, for it runs on every row that is written and
-- takes a quarter of the time of a query.
create function dossiers_are_disjoint(
  organizations integer[], quality_codes smallint[], begin_dates date[], end_dates date[]
) returns boolean language plpgsql immutable parallel safe as $$
begin
  for n in 1 .. cardinality(organizations) loop
    if begin_dates[n] > end_dates[n] then
      return false;
    end if;
    if n > 1
      and (organizations[n - 1], quality_codes[n - 1], end_dates[n - 1])
        >= (organizations[n], quality_codes[n], begin_dates[n])
    then
      return false;
    end if;
  end loop;
  return true;
end
$$;

-- Dossiers and their history stand in sixteen parts, by a hash of the person. Sixteen, because every
-- part costs a statement that reaches all of them some 25 microseconds to begin with, and at the size
-- of the country (225 million dossiers) a part is then 600 megabytes: small enough to vacuum, to load
-- and to restore by itself. The person comes first in every key and stands in every hot statement, so
-- that each look-up reaches one part.
create table person_dossiers (
  ssin bigint primary key,
  organizations integer[] not null,
  quality_codes smallint[] not null,
  phases smallint[] not null,
  begin_dates date[] not null,
  -- The last day; infinity while the dossier is open.
  end_dates date[] not null,
  recorded_at timestamptz[] not null,
  constraint dossier_overlaps
    check (dossiers_are_disjoint(organizations, quality_codes, begin_dates, end_dates)),
  constraint dossiers_are_whole check (
    cardinality(organizations) > 0
    and cardinality(quality_codes) = cardinality(organizations)
    and cardinality(phases) = cardinality(organizations)
    and cardinality(begin_dates) = cardinality(organizations)
    and cardinality(end_dates) = cardinality(organizations)
    and cardinality(recorded_at) = cardinality(organizations)
    and (0 <= all (quality_codes) and 999 >= all (quality_codes)) is true
    and (0 <= all (phases) and 99 >= all (phases)) is true
    and array_position(organizations, null) is null
    and array_position(begin_dates, null) is null
    and array_position(end_dates, null) is null
    and array_position(recorded_at, null) is null
  )
) partition by hash (ssin);

-- What a correction replaced: the version of a dossier that was believed from recorded_at until
-- superseded_at.
create table superseded_dossier (
  ssin bigint not null,
  organization integer not null,
  quality_code smallint not null,
  phase smallint not null,
  begin_date date not null,
  end_date date not null,
  recorded_at timestamptz not null,
  superseded_at timestamptz not null,
  primary key (ssin, organization, quality_code, begin_date, recorded_at)
) partition by hash (ssin);

do $$
begin
  for part in 0 .. 15 loop
    execute format(
      'create table person_dossiers_%s partition of person_dossiers for values with (modulus 16, remainder %s)',
      to_char(part, 'FM00'), part
    );
    execute format(
      'create table superseded_dossier_%s partition of superseded_dossier for values with (modulus 16, remainder %s)',
      to_char(part, 'FM00'), part
    );
  end loop;
end
$$;

-- History is kept by the database itself, so that nobody who writes can forget it: by the owner's
-- function, so that what was believed cannot be changed by anybody who serves. A version is believed
-- until the one that replaces it is recorded, or until it is taken away: at any instant there is one
-- of the two.
create function keep_superseded() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  recorded timestamptz := (
    select min(at) from unnest(new.recorded_at) as at where at <> all (old.recorded_at)
  );
begin
  insert into superseded_dossier (
    ssin, organization, quality_code, phase, begin_date, end_date, recorded_at, superseded_at
  )
  select old.ssin, gone.*, greatest(coalesce(recorded, statement_timestamp()), gone.recorded_at)
  from (
    select *
    from unnest(
      old.organizations, old.quality_codes, old.phases, old.begin_dates, old.end_dates, old.recorded_at
    ) as before (organization, quality_code, phase, begin_date, end_date, recorded_at)
    except
    select *
    from unnest(
      new.organizations, new.quality_codes, new.phases, new.begin_dates, new.end_dates, new.recorded_at
    ) as after (organization, quality_code, phase, begin_date, end_date, recorded_at)
  ) as gone
  -- Two corrections in one transaction have one instant; the first of them was never believed.
  on conflict do nothing;
  return null;
end
$$;

create trigger superseded after update on person_dossiers
for each row when (old.* is distinct from new.*) execute function keep_superseded();

-- Dossiers follow the person's number. How far the feed of replacements has been applied stands beside
-- what it changed, so that each replacement is applied exactly once.
create table followed (
  one boolean primary key default true check (one),
  sequence bigint not null
);

insert into followed (sequence) values (0);

-- Which numbers are no longer used, for what still arrives on them; never a chain.
create table replaced (
  ssin bigint primary key,
  replaced_by bigint not null,
  constraint replaces_another check (replaced_by <> ssin)
);

create index replaced_by_number on replaced (replaced_by);

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

grant select, insert (cbe_number, sector, institution) on organization to directory;
grant select on figure, superseded_dossier, held_subscription to directory;
grant select, insert, update (end_date) on subscription to directory;
grant select, update on revision, followed to directory;
grant select, insert, update on person_dossiers to directory;
grant select, insert, update, delete on replaced to directory;
