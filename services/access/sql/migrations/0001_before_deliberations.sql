-- Deliberations in versions, who owns which legal context, who acceded to what, and a mark of the
-- last change.

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
  primary key (number, version),
  check (version > 0),
  check (valid_until >= valid_from)
);

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

-- The transaction that changed anything last: unlike a counter it costs one write per transaction,
-- and unlike a sequence it is seen only with the change itself.
create table revision (
  one boolean primary key default true check (one),
  changed_in xid8 not null
);

insert into revision (changed_in) values (pg_current_xact_id());

create function note_change() returns trigger language plpgsql as $$
begin
  update revision set changed_in = pg_current_xact_id()
  where changed_in <> pg_current_xact_id();
  if found then
    perform pg_notify('deliberations', '');
  end if;
  return null;
end
$$;

create trigger note_change after insert or update or delete on deliberation
  for each row execute function note_change();
create trigger note_change after insert or update or delete on legal_context
  for each row execute function note_change();
create trigger note_change after insert or update or delete on accession
  for each row execute function note_change();

grant select on deliberation, legal_context, accession, revision to access;
