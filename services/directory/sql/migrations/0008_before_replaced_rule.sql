-- What comes of a question about a replaced number is a property of the contract.
alter table data_contract add column replaced_rule text not null default 'STOP'
  check (replaced_rule in ('STOP', 'CONTINUE'));
