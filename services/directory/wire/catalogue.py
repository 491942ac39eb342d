"""Pages of organizations and of data contracts."""

from cbss.directory.v1 import data_contract_pb2
from cbss.directory.v1 import directory_service_pb2 as pb

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.directory.model import Endpoint, Offer, Organization, Source
from services.directory.wire.dossiers import encode_quality_code
from services.kit.caller import Caller
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens, Position
from services.wire import values

Listing = pb.ListOrganizationsRequest | pb.ListDataContractsRequest


def decode_organization_position(
    tokens: PageTokens, request: pb.ListOrganizationsRequest, caller: Caller
) -> EnterpriseNumber | None:
    """After which organization the page begins; nothing for the first page."""
    match _position(tokens, request, caller):
        case []:
            return None
        case [int(number)]:
            return EnterpriseNumber(number)
    raise PageTokenInvalid()


def decode_contract_position(
    tokens: PageTokens, request: pb.ListDataContractsRequest, caller: Caller
) -> ContractName | None:
    """After which contract the page begins; nothing for the first page."""
    match _position(tokens, request, caller):
        case []:
            return None
        case [str(contract), int(version)]:
            return ContractName(contract, version)
    raise PageTokenInvalid()


def _position(tokens: PageTokens, request: Listing, caller: Caller) -> Position:
    if not request.page_token:
        return []
    return tokens.position(request.page_token, caller=_who(caller), query=_query(request))


def _token(tokens: PageTokens, position: Position, request: Listing, caller: Caller) -> str:
    return tokens.token(position, caller=_who(caller), query=_query(request))


def _who(caller: Caller) -> str:
    client = caller.client
    return f"{caller.workload} {client.certificate_sha256 if client is not None else ''}"


def _query(request: Listing) -> bytes:
    # Lists without filters: the kind of list is the whole query.
    return type(request).__name__.encode()


def encode_list_organizations_response(
    tokens: PageTokens,
    request: pb.ListOrganizationsRequest,
    caller: Caller,
    page: tuple[list[Organization], EnterpriseNumber | None],
) -> pb.ListOrganizationsResponse:
    """A page of organizations."""
    listed, last = page
    return pb.ListOrganizationsResponse(
        organizations=map(encode_organization, listed),
        next_page_token=_token(tokens, [last.number], request, caller) if last else "",
    )


def encode_organization(known: Organization) -> pb.OnboardedOrganization:
    """An onboarding record."""
    return pb.OnboardedOrganization(
        cbe_number=known.cbe_number.digits,
        name=known.name,
        sector_institution=None if known.place is None else values.encode_place(known.place),
        public_key_sha256=known.public_key_sha256,
        managed_cbe_numbers=[managed.digits for managed in known.manages],
        endpoint=_endpoint(known.endpoint),
        network=f"NETWORK_{known.network.name}",
        environment=known.onboarding.environment,
        contacts=known.onboarding.contacts,
        expected_volumes=[
            pb.ExpectedVolume(
                legal_context=told.legal_context,
                data_contract=told.contract.code,
                contract_version=told.contract.version,
                hourly=told.hourly,
            )
            for told in known.onboarding.expectations
        ],
    )


def _endpoint(endpoint: Endpoint | None) -> pb.SupplierEndpoint | None:
    if endpoint is None:
        return None
    return pb.SupplierEndpoint(
        address=endpoint.address, server_name=endpoint.server_name, in_mesh=endpoint.in_mesh
    )


def encode_list_data_contracts_response(
    tokens: PageTokens,
    request: pb.ListDataContractsRequest,
    caller: Caller,
    page: tuple[list[Offer], ContractName | None],
) -> pb.ListDataContractsResponse:
    """A page of data contracts."""
    listed, last = page
    return pb.ListDataContractsResponse(
        data_contracts=map(encode_data_contract, listed),
        next_page_token=_token(tokens, [last.code, last.version], request, caller) if last else "",
    )


def encode_data_contract(offer: Offer) -> data_contract_pb2.DataContract:
    """A contract with the organizations that supply it now."""
    contract = offer.contract
    return data_contract_pb2.DataContract(
        code=contract.name.code,
        version=contract.name.version,
        title=contract.title,
        criteria_type=contract.criteria_type,
        result_type=contract.result_type,
        descriptor_set=contract.descriptor_set,
        suppliers=map(_supplier, offer.sources),
        source_field=contract.source_field,
        integration_check=f"INTEGRATION_CHECK_{contract.integration_check.name}",
        minimum_phase=contract.minimum_phase,
        deceased_rule=f"DECEASED_RULE_{contract.deceased_rule.name}",
        replaced_rule=f"REPLACED_RULE_{contract.replaced_rule.name}",
        required_fields=contract.required_fields,
        subject_kind=f"SUBJECT_KIND_{contract.subject_kind.name}",
    )


def _supplier(source: Source) -> data_contract_pb2.ContractSupplier:
    return data_contract_pb2.ContractSupplier(
        cbe_number=source.cbe_number.digits,
        source_code=source.source_code,
        quality_codes=sorted(map(encode_quality_code, source.quality_codes)),
        deadline=source.deadline,
    )
