-- The organizations of the network, as the same reviewed file tells them to the directory: who is
-- calling is judged where the call is answered, and nobody to the right of the directory may ask it.

create table organization (
  cbe_number bigint primary key,
  name text not null,
  sector smallint check (sector between 0 and 999),
  institution smallint check (institution between 0 and 999),
  public_key_sha256 text[] not null,
  manages bigint[] not null,
  constraint organization_place check ((sector is null) = (institution is null))
);

create trigger note_change after insert or update or delete on organization
  for each row execute function note_change();

grant select on organization to access;
