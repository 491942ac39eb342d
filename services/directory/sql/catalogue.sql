-- name: list_organizations
select
  organization.key, organization.cbe_number, organization.name, organization.sector, organization.institution,
  organization.public_key_sha256, organization.endpoint_address, organization.endpoint_server_name,
  organization.endpoint_in_mesh, organization.network, organization.environment, organization.contacts,
  array(
    select managed.cbe_number
    from management
    join organization as managed on managed.key = management.managed
    where management.manager = organization.key
    order by managed.cbe_number
  ) as manages
from organization;

-- name: list_contracts
select
  code, version, title, criteria_type, result_type, descriptor_set, source_field, integration_check,
  minimum_phase, deceased_rule, identity_data, required_fields, replaced_rule
from data_contract;

-- name: list_suppliers
select code, version, sector, institution, source_code, quality_codes, deadline
from contract_supplier
order by code, version, rank;

-- name: list_expectations
select organization, legal_context, data_contract, contract_version, hourly
from expectation
order by organization, legal_context, data_contract, contract_version;

-- name: put_organization!
insert into organization (
  cbe_number, name, sector, institution, public_key_sha256, endpoint_address, endpoint_server_name,
  endpoint_in_mesh, network, environment, contacts
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
on conflict (cbe_number) do update
set name = excluded.name, sector = excluded.sector, institution = excluded.institution,
  public_key_sha256 = excluded.public_key_sha256, endpoint_address = excluded.endpoint_address,
  endpoint_server_name = excluded.endpoint_server_name, endpoint_in_mesh = excluded.endpoint_in_mesh,
  network = excluded.network, environment = excluded.environment, contacts = excluded.contacts
where (organization.name, organization.sector, organization.institution, organization.public_key_sha256,
    organization.endpoint_address, organization.endpoint_server_name, organization.endpoint_in_mesh,
    organization.network, organization.environment, organization.contacts)
  is distinct from (excluded.name, excluded.sector, excluded.institution, excluded.public_key_sha256,
    excluded.endpoint_address, excluded.endpoint_server_name, excluded.endpoint_in_mesh,
    excluded.network, excluded.environment, excluded.contacts);

-- name: clear_expectations!
delete from expectation
using organization
where organization.key = expectation.organization and organization.cbe_number = any ($1::bigint[]);

-- name: put_expectation!
insert into expectation (organization, legal_context, data_contract, contract_version, hourly)
select key, $2, $3, $4, $5
from organization
where cbe_number = $1;

-- name: clear_management!
delete from management
using organization as manager
where manager.key = management.manager and manager.cbe_number = any ($1::bigint[]);

-- name: put_management!
insert into management (manager, managed)
select manager.key, managed.key
from organization as manager, organization as managed
where manager.cbe_number = $1 and managed.cbe_number = $2;

-- name: clear_contract!
delete from data_contract where code = $1 and version = $2;

-- name: put_contract!
insert into data_contract (
  code, version, title, criteria_type, result_type, descriptor_set, source_field, integration_check,
  minimum_phase, deceased_rule, identity_data, required_fields, replaced_rule
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: put_supplier!
insert into contract_supplier (
  code, version, rank, sector, institution, source_code, quality_codes, deadline
)
values ($1, $2, $3, $4, $5, $6, $7, $8);
