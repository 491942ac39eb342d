-- name: list_of_number
select number, version, standing, enacted, moved_by, body
from deliberation where number = $1 order by version;

-- name: list_page
-- Proposals, and what came of those that were never enacted, are the operator's to read only.
select number, version, standing, enacted, moved_by, body
from deliberation
where (number, version) > ($1, $2)
  and (enacted or $3)
  and ($4 = '' or number = (select l.number from legal_context l where l.legal_context = $4))
order by number, version
limit $5;

-- name: list_accessions_of
select number, recipient, valid_from, valid_until, regulation
from accession where number = any($1::text[]) order by number, recipient, valid_from;

-- name: list_moves_of
select number, version, standing, day
from standing_history where number = any($1::text[]) order by number, version, since;

-- name: get_step
select content_digest from step where request_id = $1;

-- name: take_step
insert into step (request_id, content_digest) values ($1, $2)
on conflict (request_id) do nothing
returning request_id;

-- name: move_deliberation
update deliberation
set standing = $4, enacted = enacted or $4 = 'IN_FORCE', moved_by = $5, moved_on = $6
where number = $1 and version = $2 and standing = $3
returning number;

-- name: end_accession
update accession set valid_until = $4
where number = $1 and recipient = $2 and valid_from = $3
returning recipient;

-- name: list_proposed_accessions_of
select number, recipient, valid_from, valid_until, regulation, proposed_by
from accession_proposal where number = any($1::text[]) order by number, recipient, valid_from;

-- name: put_proposed_accession!
insert into accession_proposal
  (number, recipient, valid_from, valid_until, regulation, proposed_by)
values ($1, $2, $3, $4, $5, $6)
on conflict (number, recipient, valid_from) do update set
  valid_until = excluded.valid_until,
  regulation = excluded.regulation,
  proposed_by = excluded.proposed_by;

-- name: take_proposed_accession
-- Only what was seen is enacted: a proposal that was changed meanwhile stays.
delete from accession_proposal
where number = $1 and recipient = $2 and valid_from = $3
  and valid_until is not distinct from $4 and regulation = $5 and proposed_by = $6
returning recipient;

-- name: get_office
select office from official where name = $1;

-- name: hold_office!
insert into official (name, office) values ($1, $2) on conflict (name) do nothing;

-- name: list_deliberations_at
-- As everything stood at a revision.
select d.number, d.version, h.standing, h.enacted, d.body
from deliberation d
join lateral (
  select standing, enacted from standing_history
  where number = d.number and version = d.version and since <= $1
  order by since desc limit 1
) h on true
order by d.number, d.version;

-- name: list_accessions_at
select distinct on (number, recipient, valid_from)
  number, recipient, valid_from, valid_until, regulation
from accession_history
where since <= $1
order by number, recipient, valid_from, since desc;

-- name: count_asked!
-- A day that is full takes no new questions; those that are there are still counted. The day's rows
-- are counted once, and of what is given only what is new asks for room.
insert into asked (day, question_digest, question, times)
select $1, one.question_digest, one.question, one.times
from (
  select given.question_digest, given.question, given.times, there.day is not null as known,
    row_number() over (
      partition by there.day is not null order by given.question_digest
    ) as place
  from unnest($2::bytea[], $3::bytea[], $4::bigint[]) as given (question_digest, question, times)
  left join asked there on there.day = $1 and there.question_digest = given.question_digest
) one
where one.known or one.place <= $5 - (select count(*) from asked where asked.day = $1)
order by one.question_digest
on conflict (day, question_digest) do update set times = asked.times + excluded.times;

-- name: list_asked
select day, question, times from asked order by times desc, day desc, question_digest limit $1;

-- name: purge_asked!
delete from asked where day < $1;
