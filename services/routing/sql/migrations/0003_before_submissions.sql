-- Messages that want an answer, one row for each addressee: what it answered, and until when it may.
-- Holds no content and no person: those are of the event, and go with it.
create table submission (
  source bigint not null,
  reference text collate "C" not null,
  subscriber bigint not null,
  notice_id uuid not null,
  event_id uuid not null references published_event (event_id) on delete cascade,
  reply_by timestamptz not null,
  disposition smallint,
  file_reference text,
  answered_at timestamptz,
  constraint submission_key primary key (source, reference, notice_id),
  constraint submission_addressee unique (subscriber, notice_id),
  constraint submission_answer check ((disposition is null) = (answered_at is null))
);
create index submission_event on submission (event_id);

-- Only the answer is added, once.
grant select, insert, delete on submission to routing;
grant update (disposition, file_reference, answered_at) on submission to routing;
