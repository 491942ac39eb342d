"""Whether a data contract can be registered: its messages, its suppliers, the version before it.

A contract is a promise to programs that are already written. A new version therefore keeps what the
version before it had: every field with its number, name and kind, every name of an enum with its
number. Source: the compatibility rules of Protocol Buffers.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import DecodeError

from services.concepts.failures import FieldViolation
from services.concepts.organization import SectorInstitution
from services.concepts.quality_code import DEFINITIVE, SPECIAL, QualityCode
from services.concepts.reference import DataContract, IntegrationCheck, ReplacedRule, Supplier

LARGEST = 1 << 20
"""Bytes of a descriptor set; ours take some thousands."""
MOST_SUPPLIERS = 64
UNBOUNDED = frozenset({"google.protobuf.Any", "google.protobuf.Struct", "google.protobuf.Value"})


class Lists(Protocol):
    """The bank's code lists."""

    @property
    def places(self) -> Mapping[SectorInstitution, str]: ...

    def has_quality(self, place: SectorInstitution | None, code: QualityCode) -> bool: ...


def problems(
    contract: DataContract, previous: DataContract | None, lists: Lists
) -> list[FieldViolation]:
    """Everything that speaks against a contract; `previous` is the version before it."""
    try:
        messages = Messages(contract)
    except Unusable as unusable:
        return [unusable.violation]
    found = [*_of_source_field(contract, messages), *_of_paths(contract, messages)]
    found += _of_subject(contract)
    found += _of_results(messages.result, "result", set())
    found += _of_suppliers(contract, messages, lists)
    if previous is not None:
        found += _breaks(messages, Messages(previous))
    return found


class Unusable(Exception):
    """The messages of a contract cannot be read."""

    def __init__(self, field: str, description: str) -> None:
        super().__init__(description)
        self.violation = FieldViolation(field, description)


class Messages:
    """The two messages of a contract, read off its descriptor set alone."""

    def __init__(self, contract: DataContract) -> None:
        pool = _pool(contract.descriptor_set)
        self.result = _message(pool, contract.result_type, "result_type")
        named = contract.criteria_type
        self.criteria = _message(pool, named, "criteria_type") if named else None


def _pool(content: bytes) -> descriptor_pool.DescriptorPool:
    if not 0 < len(content) <= LARGEST:
        raise Unusable("descriptor_set", f"must be 1 to {LARGEST} bytes")
    pool = descriptor_pool.DescriptorPool()
    try:
        for file in descriptor_pb2.FileDescriptorSet.FromString(content).file:
            pool.Add(file)
            pool.FindFileByName(file.name)
    except (DecodeError, KeyError, TypeError, ValueError):
        raise Unusable("descriptor_set", "must hold whole files, imports first") from None
    return pool


def _message(pool: descriptor_pool.DescriptorPool, name: str, field: str) -> Descriptor:
    try:
        return pool.FindMessageTypeByName(name)
    except KeyError:
        raise Unusable(field, "is no message of the descriptor set") from None


def _of_subject(contract: DataContract) -> Iterator[FieldViolation]:
    """The reference directory knows persons alone: what rests on it is of contracts about them."""
    if contract.is_about_persons:
        if contract.integration_check is IntegrationCheck.NONE:
            yield FieldViolation("integration_check", "must be one: the contract is about persons")
        return
    if contract.integration_check is not IntegrationCheck.NONE:
        yield FieldViolation("integration_check", "must be NONE: there are no such dossiers")
    told = {
        "minimum_phase": contract.minimum_phase,
        "identity_data": contract.identity_data,
        "household_fields": contract.household_fields,
        "replaced_rule": contract.replaced_rule is ReplacedRule.CONTINUE,
    }
    for field in (name for name, is_there in told.items() if is_there):
        yield FieldViolation(field, "is of contracts about persons alone")


def _of_source_field(contract: DataContract, messages: Messages) -> Iterator[FieldViolation]:
    if contract.source_field and _source_field(contract, messages) is None:
        yield FieldViolation("source_field", "is no repeated field of the criteria")


def _source_field(contract: DataContract, messages: Messages) -> FieldDescriptor | None:
    fields = messages.criteria.fields_by_name if messages.criteria is not None else {}
    field = fields.get(contract.source_field)
    return field if field is not None and field.is_repeated else None


def _of_paths(contract: DataContract, messages: Messages) -> Iterator[FieldViolation]:
    for paths in ("required_fields", "household_fields"):
        for n, path in enumerate(getattr(contract, paths)):
            message: Descriptor | None = messages.result
            for name in path.split("."):
                field = None if message is None else message.fields_by_name.get(name)
                if field is None:
                    yield FieldViolation(f"{paths}[{n}]", "is no field of the result")
                    break
                message = field.message_type


def _of_results(message: Descriptor, path: str, seen: set[str]) -> Iterator[FieldViolation]:
    """What could not be cut field by field: nobody could say what a deliberation grants of it."""
    if message.full_name in seen:
        return
    seen.add(message.full_name)
    for field in message.fields:
        below, where = field.message_type, f"{path}.{field.name}"
        if below is None:
            continue
        if below.GetOptions().map_entry:
            yield FieldViolation(where, "is a map; repeat a message that names its parts")
        elif below.full_name in UNBOUNDED:
            yield FieldViolation(where, "can hold anything; say what it holds")
        else:
            yield from _of_results(below, where, seen)


def _of_suppliers(
    contract: DataContract, messages: Messages, lists: Lists
) -> Iterator[FieldViolation]:
    if not 1 <= len(contract.suppliers) <= MOST_SUPPLIERS:
        yield FieldViolation("suppliers", f"must be 1 to {MOST_SUPPLIERS}")
    field = _source_field(contract, messages)
    named = None if field is None or field.enum_type is None else _names(field.enum_type).keys()
    for n, supplier in enumerate(contract.suppliers):
        where = f"suppliers[{n}]"
        if supplier.place not in lists.places:
            yield FieldViolation(f"{where}.sector_institution", "is not on the list of places")
        if not contract.is_about_persons:
            if supplier.quality_codes:
                yield FieldViolation(
                    f"{where}.quality_codes", "are of contracts about persons alone"
                )
        elif not supplier.quality_codes or not _usable(supplier, lists):
            yield FieldViolation(f"{where}.quality_codes", "must be qualities of that sector")
        if bool(supplier.source_code) != bool(contract.source_field):
            what = "must be there exactly with a source field"
            yield FieldViolation(f"{where}.source_code", what)
        elif named is not None and supplier.source_code not in named:
            yield FieldViolation(f"{where}.source_code", "is no value of the source field")


def _usable(supplier: Supplier, lists: Lists) -> bool:
    # 902 and 999 say that there are no data; 000 says that it does not matter which.
    return all(
        code not in SPECIAL - {DEFINITIVE} and lists.has_quality(supplier.place, code)
        for code in supplier.quality_codes
    )


def _breaks(now: Messages, before: Messages) -> Iterator[FieldViolation]:
    if before.criteria is not None:
        if now.criteria is None:
            yield FieldViolation("criteria_type", "the version before has criteria")
        else:
            yield from _lost(now.criteria, before.criteria, "criteria", set())
    yield from _lost(now.result, before.result, "result", set())


def _lost(
    now: Descriptor, before: Descriptor, path: str, seen: set[str]
) -> Iterator[FieldViolation]:
    """What a message no longer has of what it had, however deep; messages can hold themselves."""
    if before.full_name in seen:
        return
    seen.add(before.full_name)
    for old in before.fields:
        where, new = f"{path}.{old.name}", now.fields_by_number.get(old.number)
        if new is None or new.name != old.name:
            yield FieldViolation(where, f"field {old.number} of the version before is gone")
        elif (new.type, new.is_repeated) != (old.type, old.is_repeated):
            yield FieldViolation(where, "is of another kind than in the version before")
        elif old.message_type is not None and new.message_type is not None:
            yield from _lost(new.message_type, old.message_type, where, seen)
        elif old.enum_type is not None and new.enum_type is not None:
            yield from _renamed(_names(new.enum_type), _names(old.enum_type), where)


def _renamed(
    now: Mapping[str, int], before: Mapping[str, int], where: str
) -> Iterator[FieldViolation]:
    lost: Collection[str] = [name for name, number in before.items() if now.get(name) != number]
    for name in lost:
        yield FieldViolation(where, f"{name} of the version before is gone")


def _names(enum: EnumDescriptor) -> dict[str, int]:
    return {value.name: value.number for value in enum.values if value.number != 0}
