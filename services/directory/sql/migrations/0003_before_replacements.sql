-- Dossiers follow the person's number. How far the feed of replacements has been applied stands beside
-- what it changed, so that each replacement is applied exactly once.
create table followed (
  one boolean primary key default true check (one),
  sequence bigint not null
);

insert into followed (sequence) values (0);

grant select, update on followed to directory;

-- Which numbers are no longer used, for what still arrives on them; never a chain.
create table replaced (
  ssin bigint primary key,
  replaced_by bigint not null,
  constraint replaces_another check (replaced_by <> ssin)
);

create index replaced_by_number on replaced (replaced_by);

grant select, insert, update, delete on replaced to directory;
