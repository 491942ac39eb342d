"""What a field path of a data contract may be, read off the descriptors of its messages."""

from collections.abc import Mapping, Sequence
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


def shipped_contracts() -> DescribedContracts:
    """The contracts that the mesh ships: `data/contracts.yaml`, with the compiled descriptors."""
    described = descriptor_pb2.FileDescriptorSet.FromString(
        files("cbss").joinpath("descriptors.binpb").read_bytes()
    )
    pool = descriptor_pool.DescriptorPool()
    for file in described.file:
        pool.Add(file)
    listed = load("services.access", "data/contracts.yaml", _File).contracts
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
