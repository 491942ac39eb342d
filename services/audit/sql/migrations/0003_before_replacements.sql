-- Numbers that were replaced. Either number leads to the other, and so to the whole trail: each is
-- found by its keyed digest and read by who holds the secret, like the subject of a record.
create table replacement (
  event_id uuid primary key,
  -- When the number was replaced, as told by identification.
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  old_key bytea not null check (length(old_key) = 16),
  old_key_version smallint not null,
  old_encrypted bytea not null,
  new_key bytea not null check (length(new_key) = 16),
  new_key_version smallint not null,
  new_encrypted bytea not null
);

create index replacement_by_old on replacement (old_key);
create index replacement_by_new on replacement (new_key);

grant select, insert on replacement to audit;
