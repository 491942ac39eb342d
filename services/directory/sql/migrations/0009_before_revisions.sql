-- What was last changed, so that who keeps it in memory reads one row while nothing is new, and only
-- what is new of subscriptions. The database counts by itself: nobody who writes can forget it. The
-- row is a lock too, so that revisions become visible in their own order.
create table revision (
  single boolean primary key default true check (single),
  catalogue bigint not null default 0,
  subscriptions bigint not null default 0
);
insert into revision default values;

create function advance_catalogue() returns trigger language plpgsql as $$
begin
  update revision set catalogue = catalogue + 1;
  return null;
end
$$;

create trigger advanced after insert or update or delete on organization
for each statement execute function advance_catalogue();
create trigger advanced after insert or update or delete on management
for each statement execute function advance_catalogue();
create trigger advanced after insert or update or delete on expectation
for each statement execute function advance_catalogue();
create trigger advanced after insert or update or delete on data_contract
for each statement execute function advance_catalogue();
create trigger advanced after insert or update or delete on contract_supplier
for each statement execute function advance_catalogue();

alter table subscription add column revision bigint not null default 0;

create function advance_subscriptions() returns trigger language plpgsql as $$
begin
  update revision set subscriptions = subscriptions + 1 returning subscriptions into new.revision;
  return new;
end
$$;

create trigger advanced before insert or update on subscription
for each row execute function advance_subscriptions();

create view held_subscription as
select
  subscription.key, organization.cbe_number, subscription.legal_context, subscription.data_contract,
  subscription.contract_version, subscription.event_type, subscription.quality_codes, subscription.minimum_phase,
  subscription.fields, subscription.mode, subscription.begin_date, subscription.end_date,
  subscription.deliberation_number, subscription.deliberation_version, subscription.subscriber,
  subscription.revision
from subscription
join organization on organization.key = subscription.subscriber;

create index subscription_revision on subscription (revision);
create index subscription_end on subscription ((coalesce(end_date, 'infinity')));
create index subscription_subscriber on subscription (subscriber, key);

grant select, update on revision to directory;
grant select on held_subscription to directory;
