-- A person reads who had his number made.
create index creation_of_person on creation (ssin);
