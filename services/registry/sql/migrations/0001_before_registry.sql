-- The reference data of the network as they travel, and the acts that made them what they are.
--
-- One row holds all that is in force: it is read whole or not at all, by its digest, and it is the
-- lock of whoever changes it. Acts are never removed: in the order of their versions they lead from
-- nothing to what is in force.

create table head (
  single boolean primary key default true check (single),
  version bigint not null check (version >= 0),
  -- SHA-256 of the content; empty as long as there is none.
  digest bytea not null,
  content bytea not null
);
insert into head (version, digest, content) values (0, '', '');

create table act (
  act_id uuid primary key,
  sequence bigint not null constraint act_sequence unique,
  -- The changes, as they travel.
  content bytea not null,
  -- The organizations that it is about.
  about bigint[] not null,
  state text not null check (state in ('PREPARED', 'APPROVED', 'IN_FORCE', 'REFUSED', 'FAILED')),
  prepared_by text not null,
  prepared_at timestamptz not null,
  decided_by text not null,
  decided_at timestamptz,
  recorded boolean not null,
  version bigint not null,
  failure text not null,
  -- No one person opens anything, and nothing is in force that no one decided.
  constraint act_decided check ((state = 'PREPARED') = (decided_at is null)),
  constraint act_version check ((state = 'IN_FORCE') = (version > 0))
);

create index act_waiting on act (sequence) where state in ('PREPARED', 'APPROVED');
create index act_prepared on act (prepared_by);
create index act_decider on act (decided_by);
create index act_unrecorded on act (sequence) where not recorded and state <> 'PREPARED';

grant select, update on head to registry;
grant select, insert on act to registry;
grant update (state, decided_by, decided_at, recorded, version, failure) on act to registry;
