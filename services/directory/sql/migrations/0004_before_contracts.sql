-- Data contracts are registered while the directory serves: put down once, never changed by who serves.
alter table data_contract add column required_fields text[] not null default '{}';

grant insert on data_contract, contract_supplier to directory;
