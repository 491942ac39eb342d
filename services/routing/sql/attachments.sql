-- name: keep_attachments
insert into attachment (source, address, seen_at)
select source, $1, now() from unnest($2::bigint[]) as t(source) order by source
on conflict on constraint attachment_key do update set seen_at = excluded.seen_at;

-- name: end_attachment
delete from attachment where address = $1 and source = $2;

-- name: list_attachments
-- A process that says nothing any more is gone, whatever it said before.
select address from attachment
where source = $1 and address <> $2 and seen_at > now() - interval '15 seconds';

-- name: forget_attachments
delete from attachment where seen_at < now() - interval '1 minute';

-- name: list_attachment_addresses
select distinct address from attachment;
