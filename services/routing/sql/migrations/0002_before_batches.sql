-- Batches of questions, cut into chunks that are worked on one after the other, and their results.
--
-- Persons, what is asked and results are sealed, of use to the service only.

-- How far each batch has come. States: 0 not whole yet, 1 waiting, 2 running, 3 done, 4 given up by
-- its customer, 5 stopped.
create table batch (
  batch_id uuid primary key,
  customer bigint not null,
  ticket text collate "C" not null,
  state smallint not null default 0,
  digest bytea not null default '',
  sealed bytea not null,
  legal_context text collate "C" not null,
  contract_code text collate "C" not null,
  contract_version integer not null,
  item_count integer not null default 0,
  done_count integer not null default 0,
  counts jsonb not null default '{}',
  received_at timestamptz not null,
  submitted_at timestamptz,
  started_at timestamptz,
  due_at timestamptz,
  overdue boolean not null default false,
  finished_at timestamptz,
  kept_until timestamptz,
  constraint batch_done_once check (done_count <= item_count)
);
-- A ticket names one batch of its customer.
create unique index batch_ticket on batch (customer, ticket) where state <> 0;
create index batch_of_customer on batch (customer, batch_id) where state <> 0;
create index batch_due on batch (due_at) where state in (1, 2, 4);
create index batch_kept on batch (kept_until) where kept_until is not null;
create index batch_unfinished on batch (received_at) where state = 0;

-- Items that follow each other. States: 1 to be asked, 2 answered and still to be put in writing, 3
-- done, to be read. The attempt names the lease of who works on it; free_at says until when.
create table batch_chunk (
  batch_id uuid not null references batch on delete cascade,
  first integer not null,
  item_count integer not null,
  items bytea not null,
  state smallint not null default 1,
  attempt integer not null default 0,
  ended_badly smallint not null default 0,
  free_at timestamptz not null default '-infinity',
  answered bytea,
  results bytea,
  counts jsonb,
  constraint batch_chunk_key primary key (batch_id, first)
);
create index batch_chunk_open on batch_chunk (batch_id, first) where state <> 3;

grant select, insert, update, delete on batch, batch_chunk to routing;
