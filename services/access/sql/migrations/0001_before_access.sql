-- Deliberations in versions, who owns which legal context, who acceded to what, who asks, and
-- everything that any of it ever was, so that a decision can be taken once more on the set it was
-- taken on.

create extension if not exists btree_gist;

create table deliberation (
  number text not null,
  version integer not null,
  standing text not null
    check (standing in ('PROPOSED', 'IN_FORCE', 'SUSPENDED', 'WITHDRAWN', 'EXPIRED')),
  valid_from date not null,
  valid_until date,
  digest text not null,
  body jsonb not null,
  loaded_at timestamptz not null default now(),
  -- Whether it was ever in force; who moved it last, and when.
  enacted boolean not null default true,
  moved_by text not null default '',
  moved_on date not null default current_date,
  primary key (number, version),
  check (version > 0),
  check (valid_until >= valid_from)
);

-- One proposal to a number at a time: two drafts of one amendment could both be enacted.
create unique index deliberation_proposed_once on deliberation (number)
  where standing = 'PROPOSED';

create table legal_context (
  legal_context text constraint legal_context_owned primary key,
  number text not null
);

create index legal_context_by_number on legal_context (number);

create table accession (
  number text not null,
  recipient text not null,
  valid_from date not null,
  valid_until date,
  regulation text not null,
  primary key (number, recipient, valid_from),
  constraint accession_overlaps exclude using gist (
    number with =, recipient with =, daterange(valid_from, valid_until, '[]') with &&
  )
);

-- To open takes two, of two offices: who prepares is of the bank, who decides of the committee.
-- Accessions that wait for the committee cover nothing, and are no part of a revision.
create table accession_proposal (
  number text not null,
  recipient text not null,
  valid_from date not null,
  valid_until date,
  regulation text not null,
  proposed_by text not null,
  primary key (number, recipient, valid_from),
  check (valid_until >= valid_from)
);

-- In which office a person acted first: nobody ever acts in the other.
create table official (
  name text primary key,
  office text not null check (office in ('BANK', 'COMMITTEE'))
);

-- Steps by the request that asked for them: a request that comes again is not taken again.
create table step (
  request_id uuid primary key,
  content_digest text not null,
  taken_at timestamptz not null default now()
);

-- The organizations of the network: who is calling is judged where the call is answered, and nobody
-- to the right of the directory may ask it.
create table organization (
  cbe_number bigint primary key,
  name text not null,
  sector smallint check (sector between 0 and 999),
  institution smallint check (institution between 0 and 999),
  public_key_sha256 text[] not null,
  manages bigint[] not null,
  -- What it is: general deliberations are for organizations of certain kinds.
  kind text not null default '',
  constraint organization_place check ((sector is null) = (institution is null))
);

-- The transaction that changed anything last: unlike a counter it costs one write per transaction,
-- and unlike a sequence it is seen only with the change itself. Revisions are numbered without gaps
-- in the order of their commits: the row is the lock.
create table revision (
  one boolean primary key default true check (one),
  changed_in xid8 not null,
  ordinal bigint not null default 1
);

insert into revision (changed_in) values (pg_current_xact_id());

create table standing_history (
  number text not null,
  version integer not null,
  since bigint not null,
  standing text not null,
  enacted boolean not null,
  day date not null,
  primary key (number, version, since)
);

create table accession_history (
  number text not null,
  recipient text not null,
  valid_from date not null,
  since bigint not null,
  valid_until date,
  regulation text not null,
  primary key (number, recipient, valid_from, since)
);

-- What follows runs as the owner: who writes a deliberation cannot write its history.
create function note_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update revision set changed_in = pg_current_xact_id(), ordinal = ordinal + 1
  where changed_in <> pg_current_xact_id();
  if found then
    perform pg_notify('deliberations', '');
  end if;
  return null;
end
$$;

create function keep_standing() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into standing_history (number, version, since, standing, enacted, day)
  select new.number, new.version, ordinal, new.standing, new.enacted, new.moved_on from revision
  on conflict (number, version, since) do update
  set standing = excluded.standing, enacted = excluded.enacted, day = excluded.day;
  return null;
end
$$;

create function keep_accession() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into accession_history (number, recipient, valid_from, since, valid_until, regulation)
  select new.number, new.recipient, new.valid_from, ordinal, new.valid_until, new.regulation
  from revision
  on conflict (number, recipient, valid_from, since) do update
  set valid_until = excluded.valid_until, regulation = excluded.regulation;
  return null;
end
$$;

create trigger note_change after insert or update or delete on deliberation
  for each row execute function note_change();
create trigger note_change after insert or update or delete on legal_context
  for each row execute function note_change();
create trigger note_change after insert or update or delete on accession
  for each row execute function note_change();
create trigger note_change after insert or update or delete on organization
  for each row execute function note_change();

-- Triggers run in the order of their names: the revision is counted first.
create trigger then_keep_standing after insert or update on deliberation
  for each row execute function keep_standing();
create trigger then_keep_accession after insert or update on accession
  for each row execute function keep_accession();

-- What was really asked, for dry runs: distinct questions of a day, which name no person.
create table asked (
  day date not null,
  question_digest bytea not null check (length(question_digest) = 32),
  question bytea not null check (length(question) <= 1024),
  times bigint not null check (times > 0),
  primary key (day, question_digest)
);

-- The service leads deliberations through their life; a text never changes, nothing is erased.
grant select, insert, update (standing, enacted, moved_by, moved_on) on deliberation to access;
grant select, insert on legal_context, step, official to access;
grant select, insert, update (valid_until) on accession to access;
grant select, insert, update, delete on accession_proposal to access;
grant select on organization, revision, standing_history, accession_history to access;
grant select, insert, delete, update (times) on asked to access;
