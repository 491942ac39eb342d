-- Projects of the trusted third party, with every step of their life, and what sources sent for them.
--
-- No number of a person is here, nor any code in plain: rows and pages are sealed by keys that are
-- derived from the seed of their project, and are worth nothing once it is deleted.

create table project (
  project_id uuid primary key,
  sequence bigint generated always as identity constraint project_sequence unique,
  -- What was requested, as it travels.
  plan bytea not null,
  end_date date not null,
  state smallint not null check (state between 1 and 8),
  -- Commits to the key; empty before there is one.
  key_digest text collate "C" not null default '',
  -- What the keys are derived from, together with the master key.
  seed bytea,
  destruction uuid,
  content_sha256 text collate "C",
  -- What was measured before and after it was made coarser; no value of anybody.
  report jsonb,
  released_at timestamptz,
  delivered_at timestamptz,
  -- There is a key exactly from the opening to the end: it is made once, and destroyed for good.
  constraint project_seed check ((state in (4, 5, 6)) = (seed is not null)),
  constraint project_destroyed check (destruction is null or (state = 7 and key_digest <> '')),
  constraint project_delivered check (delivered_at is null or released_at is not null)
);
create index project_ending on project (end_date) where state not in (7, 8);
create index project_unconfirmed on project (sequence)
  where state = 7 and key_digest <> '' and destruction is null;

create table project_step (
  project_id uuid not null references project,
  number integer not null,
  state smallint not null,
  at timestamptz not null,
  actor text collate "C" not null,
  office smallint not null,
  remark text not null,
  record_id uuid not null,
  constraint project_step_key primary key (project_id, number),
  -- Each state is reached once.
  constraint project_step_once unique (project_id, state)
);
create index project_step_actor on project_step (actor, office);

-- How many units each source had numbered on a day.
create table numbering (
  project_id uuid not null references project,
  source bigint not null,
  day date not null,
  units bigint not null,
  constraint numbering_key primary key (project_id, source, day)
);

-- What was sent together, so that a repeat is known.
create table chunk (
  project_id uuid not null references project,
  source bigint not null,
  chunk_id uuid not null,
  digest bytea not null,
  constraint chunk_key primary key (project_id, source, chunk_id)
);

-- One row of one source. The place is a keyed digest of the code: alike for all sources.
create table held_row (
  project_id uuid not null references project,
  place bytea not null,
  source bigint not null,
  sealed bytea not null,
  constraint unit_sent_already primary key (project_id, place, source)
);

-- Rows of a delivery that are handed over together.
create table page (
  project_id uuid not null references project,
  number integer not null,
  sealed bytea not null,
  constraint page_key primary key (project_id, number)
);

grant select, insert on project to coding;
grant update (
  state, key_digest, seed, destruction, content_sha256, report, released_at, delivered_at
) on project to coding;
grant select, insert on project_step to coding;
grant select, insert, update, delete on numbering to coding;
grant select, insert, delete on chunk, held_row, page to coding;
