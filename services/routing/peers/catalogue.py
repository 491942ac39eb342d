"""Which organizations and data contracts exist: `cbss.directory.v1`, its catalogue.

Read whole at start and again every few seconds, so that a new contract or organization needs no
new mesh. What is too old is not decided on.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from time import monotonic

import structlog
from cbss.directory.v1 import data_contract_pb2
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure
from services.concepts.organization import SectorInstitution
from services.routing.errors import CatalogueStale
from services.routing.model import (
    Catalogue,
    ContractSource,
    DataContract,
    Endpoint,
    OnboardedOrganization,
    Types,
)
from services.routing.rules.filtering import types_of

USUAL_DEADLINE = timedelta(milliseconds=800)
_Described = tuple[bytes, str, str]
"""What the messages of a contract are made of: its descriptors, and the names of its two types."""

log = structlog.get_logger()


class PeerCatalogue:
    """Keeps the catalogue as it was last read, for at most `trusted` long."""

    def __init__(
        self, stub: directory_rpc.DirectoryServiceStub, *, every: timedelta, trusted: timedelta
    ) -> None:
        self._stub = stub
        self._every = every
        self._trusted = trusted
        self._read_at = -float("inf")
        self._catalogue: Catalogue | None = None
        self._types: dict[_Described, Types] = {}

    def current(self) -> Catalogue:
        """The catalogue; fails rather than give one that is too old."""
        if self._catalogue is None or not self.fresh():
            raise CatalogueStale()
        return self._catalogue

    def fresh(self) -> bool:
        """Whether the catalogue was read recently enough to decide on."""
        return self.age() <= self._trusted.total_seconds()

    def age(self) -> float:
        """Seconds since it was read; endless before it was."""
        return monotonic() - self._read_at

    async def refresh(self) -> None:
        """Read the catalogue once."""
        begun_at = monotonic()
        self._catalogue = await self._read()
        self._read_at = begun_at

    async def keep(self) -> None:
        """Read the catalogue again and again, until cancelled."""
        while True:
            try:
                await self.refresh()
            except Failure as away:
                log.warning("catalogue not read", reason=away.reason())
            # A process that has none yet cannot serve: it tries again soon.
            seconds = self._every.total_seconds()
            await asyncio.sleep(seconds if self._catalogue else min(seconds, 0.2))

    async def _read(self) -> Catalogue:
        organizations = {known.cbe_number: known async for known in self._organizations()}
        # Making message types costs memory that only a full collection gives back, so what is still
        # described by the same bytes keeps those that it has; what is described no more goes.
        types: dict[_Described, Types] = {}
        contracts: dict[ContractName, DataContract] = {}
        async for told in self._contracts():
            described = (told.descriptor_set, told.criteria_type, told.result_type)
            made = types.get(described) or self._types.get(described) or _types(told)
            types[described] = made
            contract = _contract(told, made, organizations)
            contracts[contract.name] = contract
        self._types = types
        return Catalogue(organizations, contracts)

    async def _organizations(self) -> AsyncIterator[OnboardedOrganization]:
        token = None
        while token != "":
            request = directory_pb.ListOrganizationsRequest(page_token=token or "")
            page = await self._stub.ListOrganizations(request)
            for told in page.organizations:
                yield _organization(told)
            token = page.next_page_token

    async def _contracts(self) -> AsyncIterator[data_contract_pb2.DataContract]:
        token = None
        while token != "":
            request = directory_pb.ListDataContractsRequest(page_token=token or "")
            page = await self._stub.ListDataContracts(request)
            for told in page.data_contracts:
                yield told
            token = page.next_page_token


def _number(digits: str) -> EnterpriseNumber:
    return EnterpriseNumber(int(digits))


def _organization(told: directory_pb.OnboardedOrganization) -> OnboardedOrganization:
    place, endpoint = told.sector_institution, told.endpoint
    return OnboardedOrganization(
        _number(told.cbe_number),
        SectorInstitution(place.sector, place.institution)
        if told.HasField("sector_institution")
        else None,
        frozenset(told.public_key_sha256),
        frozenset(map(_number, told.managed_cbe_numbers)),
        Endpoint(endpoint.address, endpoint.server_name, endpoint.in_mesh)
        if told.HasField("endpoint")
        else None,
    )


def _contract(
    told: data_contract_pb2.DataContract,
    types: Types,
    organizations: Mapping[EnterpriseNumber, OnboardedOrganization],
) -> DataContract:
    return DataContract(
        ContractName(told.code, told.version),
        told.criteria_type,
        told.result_type,
        types,
        tuple(
            ContractSource(
                organizations[_number(supplier.cbe_number)],
                supplier.source_code,
                supplier.deadline.ToTimedelta()
                if supplier.HasField("deadline")
                else USUAL_DEADLINE,
            )
            for supplier in told.suppliers
            if _number(supplier.cbe_number) in organizations
        ),
        told.source_field,
        told.deceased_rule == data_contract_pb2.DECEASED_RULE_ASK,
        told.replaced_rule == data_contract_pb2.REPLACED_RULE_CONTINUE,
    )


def _types(told: data_contract_pb2.DataContract) -> Types:
    described = descriptor_pb2.FileDescriptorSet.FromString(told.descriptor_set)
    pool = descriptor_pool.DescriptorPool()
    for file in described.file:
        pool.Add(file)
    return types_of(
        {
            name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
            for name in (told.criteria_type, told.result_type)
            if name
        }
    )
