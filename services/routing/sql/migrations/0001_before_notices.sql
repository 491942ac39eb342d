-- Events as their sources published them, and the notices that wait for their subscribers.
--
-- Numbers of organizations and persons are kept as integers: ten and eleven digits.

-- What a source published, each reference once. Keeps the answer for whoever repeats the call, and
-- the course of each attestation. Holds no content.
create table published_event (
  source bigint not null,
  reference text collate "C" not null,
  event_id uuid not null,
  ssin bigint not null,
  contract_code text collate "C" not null,
  contract_version integer not null,
  kind smallint not null,
  attestation text collate "C" not null,
  step integer not null,
  event_type text collate "C" not null,
  occurred_at timestamptz not null,
  published_at timestamptz not null,
  digest bytea not null,
  addressees jsonb not null,
  constraint published_event_key primary key (source, reference),
  constraint published_event_id unique (event_id),
  -- Two calls that go on with one attestation at the same moment: the second loses.
  constraint publication_raced unique (source, attestation, step)
);
create index published_event_at on published_event (published_at);

-- The content of an event while it waits for somebody: sealed, of use to the service only.
create table event_content (
  event_id uuid primary key,
  sealed bytea not null,
  expires_at timestamptz not null
);
create index event_content_expiry on event_content (expires_at);

-- How far each subscriber's notices are numbered. The row is locked while notices are added, so that
-- they become visible in the order of their positions.
create table subscriber (
  subscriber bigint primary key,
  last_position bigint not null default 0,
  expired_through bigint not null default 0,
  expired_count bigint not null default 0
);

-- What waits to be acknowledged.
create table notice (
  subscriber bigint not null references subscriber,
  position bigint not null,
  notice_id uuid not null,
  event_id uuid not null,
  ssin bigint not null,
  subscription_id uuid not null,
  expires_at timestamptz not null,
  constraint notice_key primary key (subscriber, position),
  constraint notice_once unique (subscriber, notice_id)
);
create index notice_expiry on notice (expires_at);
create index notice_event on notice (event_id);

-- What was published is added and forgotten, never changed.
grant select, insert, delete on published_event, event_content, notice to routing;
grant select, insert, update on subscriber to routing;
