-- Organizations have one owner, the registry: access reads its snapshot and keeps none itself.
drop table organization;
