-- What the registry owns now. The keys and places stay: dossiers are kept under them.
drop table expectation, management, contract_supplier, data_contract;

alter table organization
  drop column name,
  drop column public_key_sha256,
  drop column endpoint_address,
  drop column endpoint_server_name,
  drop column endpoint_in_mesh,
  drop column network,
  drop column environment,
  drop column contacts;
