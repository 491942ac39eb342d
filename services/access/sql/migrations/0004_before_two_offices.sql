-- To open takes two, of two offices: who prepares is of the bank, who decides of the committee.

-- Accessions that wait for the committee. They cover nothing, and are no part of a revision.
create table accession_proposal (
  number text not null,
  recipient text not null,
  valid_from date not null,
  valid_until date,
  regulation text not null,
  proposed_by text not null,
  primary key (number, recipient, valid_from),
  check (valid_until >= valid_from)
);

grant select, insert, update, delete on accession_proposal to access;

-- In which office a person acted first: nobody ever acts in the other.
create table official (
  name text primary key,
  office text not null check (office in ('BANK', 'COMMITTEE'))
);

grant select, insert on official to access;

-- What an organization is: general deliberations are for organizations of certain kinds.
alter table organization add column kind text not null default '';
