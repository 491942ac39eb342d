"""Which organizations and data contracts exist: what the registry holds, as routing needs it.

A new contract or organization needs no new mesh. What is too old is not decided on.
"""

from collections.abc import Mapping
from datetime import timedelta

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from services.concepts import reference
from services.concepts.organization import SectorInstitution
from services.concepts.quality_code import QualityCode
from services.concepts.reference import DeceasedRule, Reference, ReplacedRule
from services.routing.model import (
    Catalogue,
    ContractSource,
    DataContract,
    OnboardedOrganization,
)
from services.routing.model.endpoints import Endpoint
from services.routing.model.messages import Types
from services.routing.rules.filtering import types_of

USUAL_DEADLINE = timedelta(milliseconds=800)
_Described = tuple[bytes, str, str]
"""What the messages of a contract are made of: its descriptors, and the names of its two types."""
_Places = dict[SectorInstitution, list[tuple[OnboardedOrganization, OnboardedOrganization | None]]]
"""Who holds a place and can be asked, with who answers for it if it does not do so itself."""
OWN_PLACE = SectorInstitution(25, 0)
"""The place of the Crossroads Bank itself (list of sectors)."""


class Catalogues:
    """Makes catalogues of reference data, one after the other."""

    def __init__(self) -> None:
        self._types: dict[_Described, Types] = {}

    def make(self, known: Reference) -> Catalogue:
        """The catalogue: each contract with the organizations that hold its suppliers' places now.

        Making message types costs memory that only a full collection gives back, so what is still
        described by the same bytes keeps those that it has; what is described no more goes.
        """
        admitted = {number: _organization(one) for number, one in known.organizations.items()}
        managing = {
            number: one
            for _, one in sorted(admitted.items(), reverse=True)
            for number in one.managed
            if one.endpoint is not None
        }
        at: _Places = {}
        for number, one in sorted(admitted.items()):
            # A body of the secondary network is reached through its managing institution.
            through = None if one.endpoint is not None else managing.get(number)
            if one.place is not None and (one.endpoint is not None or through is not None):
                at.setdefault(one.place, []).append((one, through))
        types: dict[_Described, Types] = {}
        contracts = {}
        for name, contract in known.contracts.items():
            if contract.is_retired:
                continue
            described = (contract.descriptor_set, contract.criteria_type, contract.result_type)
            made = types.get(described) or self._types.get(described) or _types(contract)
            types[described] = made
            contracts[name] = _contract(contract, made, at)
        self._types = types
        own = next((one.cbe_number for one in admitted.values() if one.place == OWN_PLACE), None)
        return Catalogue(admitted, contracts, own)


def _organization(of: reference.Organization) -> OnboardedOrganization:
    return OnboardedOrganization(
        of.cbe_number,
        of.place,
        frozenset(of.public_key_sha256),
        frozenset(of.manages),
        None
        if of.endpoint is None
        else Endpoint(of.endpoint.address, of.endpoint.server_name, of.endpoint.in_mesh),
        of.network is reference.Network.INTEGRATOR,
    )


def _contract(of: reference.DataContract, types: Types, at: _Places) -> DataContract:
    return DataContract(
        of.name,
        of.criteria_type,
        of.result_type,
        types,
        tuple(
            ContractSource(one, supplier.source_code, supplier.deadline or USUAL_DEADLINE, through)
            for supplier in of.suppliers
            for one, through in at.get(supplier.place, ())
        ),
        of.source_field,
        of.deceased_rule is DeceasedRule.ASK,
        of.replaced_rule is ReplacedRule.CONTINUE,
        of.subject_kind,
        _suppliers(of),
    )


def _suppliers(of: reference.DataContract) -> Mapping[SectorInstitution, frozenset[QualityCode]]:
    qualities: dict[SectorInstitution, frozenset[QualityCode]] = {}
    for one in of.suppliers:
        # A place can supply several sources of one contract.
        qualities[one.place] = qualities.get(one.place, frozenset()) | one.quality_codes
    return qualities


def _types(of: reference.DataContract) -> Types:
    described = descriptor_pb2.FileDescriptorSet.FromString(of.descriptor_set)
    pool = descriptor_pool.DescriptorPool()
    for file in described.file:
        pool.Add(file)
    return types_of(
        {
            name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
            for name in (of.criteria_type, of.result_type)
            if name
        }
    )
