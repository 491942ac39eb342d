-- Organizations, data contracts and dossiers.
--
-- Dossiers stand as one row a person, as parallel arrays in the order of organization, quality and
-- first day: what is asked is always one person, and eleven dossiers then cost one row header and one
-- index entry instead of eleven (41 bytes a dossier with its index, against 145 to 190 as rows with
-- an exclusion constraint). The row is also the lock: whoever changes a person's dossiers waits for
-- whoever does, and the check below sees the outcome of both. It is the exclusion constraint.

create table organization (
  key integer generated always as identity primary key,
  cbe_number bigint not null constraint organization_cbe_number unique,
  name text not null,
  sector smallint check (sector between 0 and 999),
  institution smallint check (institution between 0 and 999),
  public_key_sha256 text[] not null,
  endpoint_address text,
  endpoint_server_name text,
  endpoint_in_mesh boolean,
  constraint organization_place check ((sector is null) = (institution is null)),
  constraint organization_endpoint
    check (num_nulls(endpoint_address, endpoint_server_name, endpoint_in_mesh) in (0, 3))
);

create table management (
  manager integer not null references organization,
  managed integer not null references organization,
  primary key (manager, managed)
);

create table data_contract (
  code text not null,
  version smallint not null check (version > 0),
  title text not null,
  criteria_type text not null,
  result_type text not null,
  descriptor_set bytea not null,
  source_field text not null,
  integration_check text not null check (integration_check in ('INSIDE', 'OVERLAP', 'ACTIVE_NOW')),
  minimum_phase smallint not null check (minimum_phase between 0 and 99),
  deceased_rule text not null check (deceased_rule in ('STOP', 'ASK')),
  identity_data boolean not null,
  primary key (code, version)
);

create table contract_supplier (
  code text not null,
  version smallint not null,
  rank smallint not null,
  sector smallint not null,
  institution smallint not null,
  source_code text not null,
  quality_codes smallint[] not null,
  deadline interval,
  primary key (code, version, rank),
  foreign key (code, version) references data_contract on delete cascade
);

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
);

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
);

-- History is kept by the database itself, so that nobody who writes can forget it.
create function keep_superseded() returns trigger language plpgsql as $$
begin
  insert into superseded_dossier (
    ssin, organization, quality_code, phase, begin_date, end_date, recorded_at, superseded_at
  )
  select old.ssin, gone.*, greatest(now(), gone.recorded_at)
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

grant select on organization, management, data_contract, contract_supplier, person_dossiers to directory;
