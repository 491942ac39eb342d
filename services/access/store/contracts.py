"""What a field path of a data contract may be, read off the descriptors of its messages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Annotated, Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError

from services.access.model import Writing
from services.concepts import written
from services.concepts.criteria import CriterionLimit
from services.concepts.data_contract import ContractName, parse_contract_name
from services.concepts.dated import load
from services.concepts.reference import DataContract, Reference


@dataclass(frozen=True)
class DescribedContracts:
    """Knows the data contracts by the messages with which a source is asked and answers."""

    results: Mapping[ContractName, Descriptor]
    household: Mapping[ContractName, Sequence[str]]
    criteria: Mapping[ContractName, Descriptor] = field(default_factory=dict)
    writing: Mapping[ContractName, Writing] = field(default_factory=dict)

    def knows(self, contract: ContractName) -> bool:
        """Whether there is such a contract in this version."""
        return contract in self.results

    def has(self, contract: ContractName, path: str) -> bool:
        """Whether the contract's result message has a field there, however deep."""
        return _find_field(self.results[contract], path) is not None

    def household_of(self, contract: ContractName) -> Sequence[str]:
        """The fields that speak of others than the person who is asked about."""
        return self.household.get(contract, ())

    def flaw_of(self, contract: ContractName, limit: CriterionLimit) -> str | None:
        """What is wrong with a limit of the contract's criteria; nothing if it can be kept to."""
        asked_with = self.criteria.get(contract)
        if asked_with is None:
            return f"{contract} is asked without criteria"
        found = _find_field(asked_with, limit.field)
        if found is None:
            return f"{asked_with.name} has no field {limit.field}"
        return None if limit.forbids else _flaw_of_values(found, limit)

    def writing_of(self, contract: ContractName) -> Writing | None:
        """Who may be given the contract, for which purposes, if it is an act; none if it reads."""
        return self.writing.get(contract)

    def read_criteria(self, contract: ContractName, type_name: str, content: bytes) -> Any:
        """The criteria that travel as bytes; ValueError if they are not the contract's."""
        asked_with = self.criteria.get(contract)
        if asked_with is None or asked_with.full_name != type_name:
            raise ValueError(f"must be {asked_with.full_name if asked_with else 'absent'}")
        try:
            return message_factory.GetMessageClass(asked_with).FromString(content)
        except DecodeError:
            raise ValueError("cannot be read as what it says it is") from None


def _find_field(message: Descriptor | None, path: str) -> FieldDescriptor | None:
    found = None
    for name in path.split("."):
        found = None if message is None else message.fields_by_name.get(name)
        if found is None:
            return None
        below = found.message_type
        # What is in a map has no place of its own.
        message = None if below is None or below.GetOptions().map_entry else below
    return found


def _flaw_of_values(found: FieldDescriptor, limit: CriterionLimit) -> str | None:
    if found.message_type is not None or found.type == FieldDescriptor.TYPE_BYTES:
        return f"{limit.field} holds no single value; limit what is in it"
    if not limit.values:
        return None if _counts(found) else f"{limit.field} is no number, and has no bounds"
    for value in limit.values:
        if not _can_stand(found, value):
            return f"{limit.field} can never be {value}"
    return None


def _counts(found: FieldDescriptor) -> bool:
    return found.enum_type is None and found.cpp_type not in (
        FieldDescriptor.CPPTYPE_STRING,
        FieldDescriptor.CPPTYPE_BOOL,
    )


def _can_stand(found: FieldDescriptor, value: str) -> bool:
    if found.enum_type is not None:
        one = found.enum_type.values_by_name.get(value)
        return one is not None and one.number != 0
    if found.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return value in ("true", "false")
    if found.cpp_type in (FieldDescriptor.CPPTYPE_FLOAT, FieldDescriptor.CPPTYPE_DOUBLE):
        return False
    return found.cpp_type == FieldDescriptor.CPPTYPE_STRING or _is_number(value)


def _is_number(value: str) -> bool:
    digits = value.removeprefix("-")
    return digits.isascii() and digits.isdigit() and str(int(digits)) == digits


class _Writing(written.Part):
    places: Annotated[tuple[written.Place, ...], written.SOME]
    purposes: Annotated[tuple[written.Text, ...], written.SOME]


class _Contract(written.Part):
    code: written.Text
    version: int
    result_type: written.Text
    criteria_type: written.Text | None = None
    household_fields: tuple[written.Text, ...] = ()
    writing: _Writing | None = None


class _File(written.Part):
    contracts: Annotated[tuple[_Contract, ...], written.SOME]


def own_contracts() -> DescribedContracts:
    """The contracts of what institutions ask a service of the mesh itself."""
    return _described(load("services.access", "data/contracts.yaml", _File).contracts)


def _described(listed: Sequence[_Contract]) -> DescribedContracts:
    """Contracts with their messages as they are compiled into this mesh."""
    described = descriptor_pb2.FileDescriptorSet.FromString(
        files("cbss").joinpath("descriptors.binpb").read_bytes()
    )
    pool = descriptor_pool.DescriptorPool()
    for file in described.file:
        pool.Add(file)
    named = {parse_contract_name(one.code, one.version): one for one in listed}
    return DescribedContracts(
        {name: pool.FindMessageTypeByName(one.result_type) for name, one in named.items()},
        {name: one.household_fields for name, one in named.items()},
        {
            name: pool.FindMessageTypeByName(one.criteria_type)
            for name, one in named.items()
            if one.criteria_type is not None
        },
        {
            name: Writing(frozenset(one.writing.places), frozenset(one.writing.purposes))
            for name, one in named.items()
            if one.writing is not None
        },
    )


_Described = tuple[bytes, str, str]
_Types = tuple[Descriptor, Descriptor | None]


class RegisteredContracts:
    """Makes contracts of reference data, one after the other, beside those of the mesh itself.

    What is described by the same bytes keeps the types that it has: to make them costs memory that
    only a full collection gives back.
    """

    def __init__(self, own: DescribedContracts) -> None:
        self._own = own
        self._types: dict[_Described, _Types] = {}

    def make(self, known: Reference) -> DescribedContracts:
        """The contracts on which a deliberation can be written."""
        results, household, criteria = (
            dict(self._own.results),
            dict(self._own.household),
            dict(self._own.criteria),
        )
        types: dict[_Described, _Types] = {}
        for name, one in known.contracts.items():
            if one.is_retired:
                continue
            described = (one.descriptor_set, one.criteria_type, one.result_type)
            made = types.get(described) or self._types.get(described) or _types(one)
            types[described] = made
            results[name], household[name] = made[0], one.household_fields
            if made[1] is not None:
                criteria[name] = made[1]
        self._types = types
        return DescribedContracts(results, household, criteria, self._own.writing)


def _types(one: DataContract) -> _Types:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(one.descriptor_set).file:
        pool.Add(file)
    asked_with = pool.FindMessageTypeByName(one.criteria_type) if one.criteria_type else None
    return pool.FindMessageTypeByName(one.result_type), asked_with


@dataclass(frozen=True)
class LiveContracts:
    """Knows the data contracts as they are now."""

    current: Callable[[], DescribedContracts]

    def knows(self, contract: ContractName) -> bool:
        """Whether there is such a contract in this version."""
        return self.current().knows(contract)

    def has(self, contract: ContractName, path: str) -> bool:
        """Whether the contract's result message has a field there, however deep."""
        return self.current().has(contract, path)

    def household_of(self, contract: ContractName) -> Sequence[str]:
        """The fields that speak of others than the person who is asked about."""
        return self.current().household_of(contract)

    def flaw_of(self, contract: ContractName, limit: CriterionLimit) -> str | None:
        """What is wrong with a limit of the contract's criteria; nothing if it can be kept to."""
        return self.current().flaw_of(contract, limit)

    def writing_of(self, contract: ContractName) -> Writing | None:
        """Who may be given the contract, for which purposes, if it is an act; none if it reads."""
        return self.current().writing_of(contract)

    def read_criteria(self, contract: ContractName, type_name: str, content: bytes) -> Any:
        """The criteria that travel as bytes; ValueError if they are not the contract's."""
        return self.current().read_criteria(contract, type_name, content)
