-- How organizations are connected, and on what terms they were admitted.
alter table organization
  add column network text not null default 'EXTENSION'
    constraint organization_network check (network in ('PRIMARY', 'SECONDARY', 'EXTENSION', 'INTEGRATOR')),
  add column environment text not null default '',
  add column contacts text[] not null default '{}';

update organization
set network = case
  when exists (select from management where managed = organization.key) then 'SECONDARY'
  when sector is not null then 'PRIMARY'
  else 'EXTENSION'
end;

-- What an organization announced that it would ask: its "unique file".
create table expectation (
  organization integer not null references organization,
  legal_context text not null,
  data_contract text not null,
  contract_version smallint not null,
  hourly integer not null check (hourly > 0),
  primary key (organization, legal_context, data_contract, contract_version)
);

grant select on expectation to directory;
