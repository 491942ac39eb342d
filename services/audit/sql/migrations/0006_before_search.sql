-- What came into the log in a span of time is found by when its runs did.
create index span_by_time on span (integrated_at);

-- The organizations that were admitted, with the keys of their programs: each reads its own trail.
create table organization (
  cbe_number text primary key check (cbe_number ~ '^[0-9]{10}$'),
  public_key_sha256 text[] not null
);

grant select on organization to audit;
