-- The life of a deliberation, and everything it ever was: who moved it, when, and each earlier
-- state, so that a decision can be taken once more on the set it was taken on.

alter table deliberation add column enacted boolean not null default true;
update deliberation set enacted = false where standing = 'PROPOSED';
alter table deliberation add column moved_by text not null default '';
alter table deliberation add column moved_on date not null default current_date;

-- One proposal to a number at a time: two drafts of one amendment could both be enacted.
create unique index deliberation_proposed_once on deliberation (number)
  where standing = 'PROPOSED';

-- The service leads deliberations through their life; a text never changes, nothing is erased.
grant insert on deliberation, legal_context, accession to access;
grant update (standing, enacted, moved_by, moved_on) on deliberation to access;
grant update (valid_until) on accession to access;

-- Steps by the request that asked for them: a request that comes again is not taken again.
create table step (
  request_id uuid primary key,
  content_digest text not null,
  taken_at timestamptz not null default now()
);

grant select, insert on step to access;

-- Revisions are numbered without gaps in the order of their commits: the row is the lock.
alter table revision add column ordinal bigint not null default 1;

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

insert into standing_history (number, version, since, standing, enacted, day)
select number, version, 1, standing, enacted, moved_on from deliberation;

insert into accession_history (number, recipient, valid_from, since, valid_until, regulation)
select number, recipient, valid_from, 1, valid_until, regulation from accession;

grant select on standing_history, accession_history to access;

-- What follows runs as the owner: who writes a deliberation cannot write its history.
create or replace function note_change() returns trigger
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

grant select, insert, delete on asked to access;
grant update (times) on asked to access;
