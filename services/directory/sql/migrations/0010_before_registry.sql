-- Organizations and data contracts are the registry's. What stays here of an organization is the key
-- under which its dossiers are kept, given when it is first heard of.
alter table organization
  alter column name set default '',
  alter column public_key_sha256 set default '{}';

grant insert (cbe_number, sector, institution) on organization to directory;
