-- What is kept on a person follows the person's number. How far the feed of replacements has been
-- applied stands beside what it changed, so that each replacement is applied exactly once.
create table followed (
  one boolean primary key default true check (one),
  sequence bigint not null
);

insert into followed (sequence) values (0);

-- Which numbers are no longer used, for what sources still say of them; never a chain.
create table replaced (
  ssin bigint primary key,
  replaced_by bigint not null,
  constraint replaces_another check (replaced_by <> ssin)
);

create index replaced_by_number on replaced (replaced_by);

grant select, update on followed to buffer;
grant select, insert, update, delete on replaced to buffer;
grant insert, update, delete on fact to buffer;
