-- For which purpose a number was made: what the law delays for the person is delayed here too.
alter table creation add column legal_context text not null default '';
