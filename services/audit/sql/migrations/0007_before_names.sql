-- Citizens read who asked about them by name.
alter table organization add column name text not null default '';
