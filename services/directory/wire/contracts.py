"""Data contracts that are to be registered."""

from datetime import timedelta

from cbss.directory.v1 import data_contract_pb2

from services.concepts.data_contract import parse_contract_name
from services.concepts.failures import invalid
from services.concepts.organization import parse_sector_institution
from services.concepts.subject import SubjectKind
from services.directory.model import (
    DataContract,
    DeceasedRule,
    IntegrationCheck,
    ReplacedRule,
    Supplier,
)
from services.directory.wire import calls
from services.wire import values

LONGEST_TITLE = 256
MOST_REQUIRED = 64
HIGHEST_PHASE = 99
LONGEST_DEADLINE = timedelta(seconds=60)


def decode_contract(told: data_contract_pb2.ContractRegistration) -> DataContract:
    """The contract that a message describes; whether it holds together is for the rules."""
    if len(told.required_fields) > MOST_REQUIRED:
        raise invalid("data_contract.required_fields", f"must be at most {MOST_REQUIRED}")
    if told.minimum_phase > HIGHEST_PHASE:
        raise invalid("data_contract.minimum_phase", "must be 0 to 99")
    fields = "data_contract.code", "data_contract.version"
    return DataContract(
        name=parse_contract_name(told.code, told.version, fields=fields),
        title=values.decode_text(told.title, "data_contract.title", LONGEST_TITLE, shortest=1),
        criteria_type=told.criteria_type,
        result_type=told.result_type,
        descriptor_set=told.descriptor_set,
        suppliers=tuple(
            _supplier(one, f"data_contract.suppliers[{n}]") for n, one in enumerate(told.suppliers)
        ),
        source_field=told.source_field,
        integration_check=_check(told.integration_check),
        minimum_phase=told.minimum_phase,
        deceased_rule=_rule(told.deceased_rule),
        replaced_rule=_continuation(told.replaced_rule),
        identity_data=told.identity_data,
        required_fields=tuple(told.required_fields),
        subject_kind=_subject(told.subject_kind),
    )


def _supplier(told: data_contract_pb2.ContractPlace, path: str) -> Supplier:
    at = told.sector_institution
    return Supplier(
        parse_sector_institution(at.sector, at.institution, field=f"{path}.sector_institution"),
        values.decode_text(told.source_code, f"{path}.source_code", 64),
        frozenset(
            calls.decode_quality(code, f"{path}.quality_codes[{n}]")
            for n, code in enumerate(told.quality_codes)
        ),
        _deadline(told, f"{path}.deadline") if told.HasField("deadline") else None,
    )


def _deadline(told: data_contract_pb2.ContractPlace, path: str) -> timedelta:
    if told.deadline.seconds > LONGEST_DEADLINE.total_seconds():
        raise invalid(path, "must be 1 ms to 60 s")
    deadline: timedelta = told.deadline.ToTimedelta()
    if not timedelta(milliseconds=1) <= deadline <= LONGEST_DEADLINE:
        raise invalid(path, "must be 1 ms to 60 s")
    return deadline


def _check(told: int) -> IntegrationCheck:
    try:
        return IntegrationCheck(told)
    except ValueError:
        raise invalid("data_contract.integration_check", "must be one of them") from None


def _rule(told: int) -> DeceasedRule:
    try:
        return DeceasedRule(told)
    except ValueError:
        raise invalid("data_contract.deceased_rule", "must be one of them") from None


def _subject(told: int) -> SubjectKind:
    try:
        return SubjectKind(told or SubjectKind.PERSON.value)
    except ValueError:
        raise invalid("data_contract.subject_kind", "must be one of them") from None


def _continuation(told: int) -> ReplacedRule:
    try:
        return ReplacedRule(told or ReplacedRule.STOP.value)
    except ValueError:
        raise invalid("data_contract.replaced_rule", "must be one of them") from None
