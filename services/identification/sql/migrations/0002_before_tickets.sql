-- Tickets that were used within a day, so that what is repeated is done once (`services/kit/tickets.py`).
-- Who calls, on which ticket and with what, are keyed digests; the answer is sealed.
create table used_ticket (
  key bytea primary key,
  digest bytea not null,
  attempt uuid not null,
  made uuid not null,
  held_until timestamptz not null,
  took_effect boolean not null default false,
  answer bytea,
  used_at timestamptz not null
);
create index used_ticket_at on used_ticket (used_at);

grant select, insert, update, delete on used_ticket to identification;
