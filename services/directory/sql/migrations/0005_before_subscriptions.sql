-- Who wants to be told of what. Nothing is removed: a subscription gets a last day.
create table subscription (
  key uuid primary key,
  subscriber integer not null references organization,
  legal_context text not null,
  data_contract text not null,
  contract_version smallint not null,
  event_type text not null,
  quality_codes smallint[] not null check (cardinality(quality_codes) > 0),
  minimum_phase smallint not null check (minimum_phase between 0 and 99),
  fields text[] not null,
  mode text not null check (mode in ('STREAM', 'BATCH', 'QUEUE')),
  begin_date date not null,
  end_date date,
  deliberation_number text not null,
  deliberation_version integer not null,
  given_at timestamptz not null default now()
);

grant select, insert on subscription to directory;
grant update (end_date) on subscription to directory;
