-- Which process each source is attached to. About no person; worthless after seconds.
create unlogged table attachment (
  source bigint not null,
  address text collate "C" not null,
  seen_at timestamptz not null,
  constraint attachment_key primary key (source, address)
);
create index attachment_seen on attachment (seen_at);

grant select, insert, update, delete on attachment to routing;
