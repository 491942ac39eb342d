-- name: add_submissions
insert into submission (source, reference, subscriber, notice_id, event_id, reply_by)
select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::uuid[], $5::uuid[],
  $6::timestamptz[]);

-- name: find_submitted
select s.source, s.reference, s.subscriber, s.notice_id, s.reply_by, s.disposition,
  s.file_reference, s.answered_at, e.ssin, e.contract_code, e.contract_version
from submission as s
join published_event as e using (event_id)
where s.subscriber = $1 and s.notice_id = $2;

-- name: list_submitted
select s.source, s.reference, s.subscriber, s.notice_id, s.reply_by, s.disposition,
  s.file_reference, s.answered_at, e.ssin, e.contract_code, e.contract_version
from submission as s
join published_event as e using (event_id)
where s.source = $1 and s.reference = $2
order by s.subscriber, s.notice_id;

-- name: answer_submission
-- Once, and not after its time; its notice is acknowledged with it.
with answered as (
  update submission set disposition = $3, file_reference = $4, answered_at = $5
  where subscriber = $1 and notice_id = $2 and answered_at is null and reply_by > $5
  returning subscriber, notice_id
), acknowledged as (
  delete from notice using answered
  where notice.subscriber = answered.subscriber and notice.notice_id = answered.notice_id
)
select count(*) from answered;
