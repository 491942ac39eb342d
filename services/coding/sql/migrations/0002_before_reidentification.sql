-- Lists of codes that lead back to persons: requested by one, decided by another, told to one source.
create table reidentification (
  list_id uuid primary key,
  sequence bigint generated always as identity constraint reidentification_sequence unique,
  project_id uuid not null references project,
  ground text collate "C" not null,
  source bigint not null,
  remark text not null,
  code_count integer not null,
  -- Keyed, of the codes.
  digest bytea not null,
  -- The codes, sealed by a key of the project; gone once the list is over.
  codes bytea,
  state smallint not null check (state between 1 and 4),
  requested_by text collate "C" not null,
  requested_at timestamptz not null,
  decided_by text collate "C" not null default '',
  decided_at timestamptz,
  ended_at timestamptz,
  -- No one person leads back to anybody.
  constraint reidentification_two check (decided_by <> requested_by),
  constraint reidentification_codes check ((state in (1, 2)) = (codes is not null))
);
-- One list of a project at a time.
create unique index reidentification_pending on reidentification (project_id) where state in (1, 2);
create index reidentification_of_project on reidentification (project_id, sequence);
create index reidentification_requester on reidentification (requested_by);
create index reidentification_decider on reidentification (decided_by);

grant select, insert on reidentification to coding;
grant update (codes, state, decided_by, decided_at, ended_at) on reidentification to coding;
