"""Data contracts as messages of `cbss.registry.v1`, and back."""

from datetime import timedelta
from enum import Enum
from typing import TypeVar

from cbss.registry.v1 import reference_pb2 as pb

from services.concepts.data_contract import parse_contract_name
from services.concepts.failures import invalid
from services.concepts.organization import parse_sector_institution
from services.concepts.quality_code import QualityCode, parse_quality_code
from services.concepts.reference import (
    DataContract,
    DeceasedRule,
    IntegrationCheck,
    ReplacedRule,
    Supplier,
)
from services.concepts.subject import SubjectKind
from services.wire import values

E = TypeVar("E", bound=Enum)
LONGEST_TEXT = 256
LONGEST_CODE = 64
MOST_PATHS = 64
HIGHEST_PHASE = 99
LONGEST_DEADLINE = timedelta(seconds=60)


def decode_contract(told: pb.DataContract, path: str) -> DataContract:
    """The contract that a message describes; whether it holds together is for the registry."""
    if told.minimum_phase > HIGHEST_PHASE:
        raise invalid(f"{path}.minimum_phase", "must be 0 to 99")
    for paths in ("required_fields", "household_fields"):
        if len(getattr(told, paths)) > MOST_PATHS:
            raise invalid(f"{path}.{paths}", f"must be at most {MOST_PATHS}")
    fields = f"{path}.code", f"{path}.version"
    return DataContract(
        name=parse_contract_name(told.code, told.version, fields=fields),
        title=values.decode_text(told.title, f"{path}.title", LONGEST_TEXT, shortest=1),
        criteria_type=told.criteria_type,
        result_type=told.result_type,
        descriptor_set=told.descriptor_set,
        suppliers=tuple(
            _supplier(one, f"{path}.suppliers[{n}]") for n, one in enumerate(told.suppliers)
        ),
        source_field=told.source_field,
        integration_check=decode_choice(
            IntegrationCheck, told.integration_check, f"{path}.integration_check"
        ),
        minimum_phase=told.minimum_phase,
        deceased_rule=decode_choice(DeceasedRule, told.deceased_rule, f"{path}.deceased_rule"),
        replaced_rule=decode_choice(ReplacedRule, told.replaced_rule or 1, f"{path}.replaced_rule"),
        identity_data=told.identity_data,
        required_fields=tuple(told.required_fields),
        household_fields=tuple(told.household_fields),
        is_retired=told.retired,
        subject_kind=decode_choice(
            SubjectKind, told.subject_kind or SubjectKind.PERSON.value, f"{path}.subject_kind"
        ),
    )


def encode_contract(of: DataContract) -> pb.DataContract:
    """A data contract as a message."""
    told = pb.DataContract(
        code=of.name.code,
        version=of.name.version,
        title=of.title,
        criteria_type=of.criteria_type,
        result_type=of.result_type,
        descriptor_set=of.descriptor_set,
        source_field=of.source_field,
        integration_check=f"INTEGRATION_CHECK_{of.integration_check.name}",
        minimum_phase=of.minimum_phase,
        deceased_rule=f"DECEASED_RULE_{of.deceased_rule.name}",
        replaced_rule=f"REPLACED_RULE_{of.replaced_rule.name}",
        identity_data=of.identity_data,
        required_fields=of.required_fields,
        household_fields=of.household_fields,
        retired=of.is_retired,
        # What is about persons stands as it always did, under the same digest.
        subject_kind=None if of.is_about_persons else f"SUBJECT_KIND_{of.subject_kind.name}",
    )
    for one in of.suppliers:
        supplier = told.suppliers.add(
            sector_institution=values.encode_place(one.place),
            source_code=one.source_code,
            quality_codes=[f"{code:03d}" for code in sorted(one.quality_codes)],
        )
        if one.deadline is not None:
            supplier.deadline.FromTimedelta(one.deadline)
    return told


def _supplier(told: pb.ContractSupplier, path: str) -> Supplier:
    at = told.sector_institution
    return Supplier(
        parse_sector_institution(at.sector, at.institution, field=f"{path}.sector_institution"),
        values.decode_text(told.source_code, f"{path}.source_code", LONGEST_CODE),
        frozenset(
            _quality(code, f"{path}.quality_codes[{n}]")
            for n, code in enumerate(told.quality_codes)
        ),
        _deadline(told, f"{path}.deadline") if told.HasField("deadline") else None,
    )


def _deadline(told: pb.ContractSupplier, path: str) -> timedelta:
    if told.deadline.seconds > LONGEST_DEADLINE.total_seconds():
        raise invalid(path, "must be 1 ms to 60 s")
    deadline: timedelta = told.deadline.ToTimedelta()
    if not timedelta(milliseconds=1) <= deadline <= LONGEST_DEADLINE:
        raise invalid(path, "must be 1 ms to 60 s")
    return deadline


def _quality(text: str, path: str) -> QualityCode:
    try:
        return parse_quality_code(text)
    except ValueError as wrong:
        raise invalid(path, str(wrong)) from None


def decode_choice(kind: type[E], told: int, path: str) -> E:
    """The value of an enum that is numbered as in the contract."""
    try:
        return kind(told)
    except ValueError:
        raise invalid(path, "must be one of them") from None
