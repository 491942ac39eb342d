-- Batches as files with their vouchers, and results as files: numbers and states, nothing of what
-- is in them.

-- How far the files of each organization are numbered. Direction 1: from it, 2: to it. A gap is the
-- number that came before its turn.
create table file_sequence (
  organization bigint not null,
  direction smallint not null,
  contract_code text collate "C" not null,
  contract_version integer not null,
  next_number bigint not null default 1,
  gap_number bigint,
  gap_at timestamptz,
  constraint file_sequence_key
    primary key (organization, direction, contract_code, contract_version),
  constraint file_sequence_gap check ((gap_number is null) = (gap_at is null))
);
create index file_sequence_gaps on file_sequence (gap_at) where gap_at is not null;

-- States: 1 announced, 2 received, 3 validated, 5 rejected.
create table batch_file (
  sender bigint not null,
  contract_code text collate "C" not null,
  contract_version integer not null,
  number bigint not null,
  state smallint not null default 1,
  file_name text not null,
  digest bytea not null,
  announced_at timestamptz not null,
  expires_at timestamptz not null,
  settled_at timestamptz,
  rejection smallint not null default 0,
  field text not null default '',
  status_code text collate "C" not null default '',
  batch_id uuid references batch on delete set null,
  constraint batch_file_key primary key (sender, contract_code, contract_version, number),
  constraint batch_file_settled check ((settled_at is not null) = (state in (3, 5)))
);
create index batch_file_awaited on batch_file (expires_at) where state in (1, 2);
create index batch_file_of_batch on batch_file (batch_id) where batch_id is not null;
create index batch_file_kept on batch_file (settled_at) where settled_at is not null;

-- The number of each file of results, given when it was first asked for.
create table result_file (
  batch_id uuid not null references batch on delete cascade,
  number bigint not null,
  constraint result_file_key primary key (batch_id)
);

grant select, insert, update on file_sequence to routing;
grant select, insert, update, delete on batch_file to routing;
grant select, insert, delete on result_file to routing;
