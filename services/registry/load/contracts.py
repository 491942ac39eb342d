"""Data contracts as they are written: one reviewed YAML file each, with dates and sources."""

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from services.concepts import written
from services.concepts.code_lists import code_lists
from services.concepts.data_contract import ContractName
from services.concepts.problems import Problem
from services.concepts.quality_code import Quality
from services.concepts.reference import (
    DataContract,
    DeceasedRule,
    IntegrationCheck,
    ReplacedRule,
    Supplier,
)
from services.concepts.reviewed import LoadRefused, problems_of
from services.concepts.subject import SubjectKind
from services.registry.load.descriptors import describe_messages
from services.registry.rules.contracts import problems

MessageName = Annotated[str, Field(strict=True, pattern=r"^[a-z0-9_.]+\.[A-Z][A-Za-z0-9]*$")]
Check = Annotated[
    str, Field(strict=True, pattern="^(" + "|".join(IntegrationCheck.__members__) + ")$")
]
Rule = Annotated[str, Field(strict=True, pattern="^(" + "|".join(DeceasedRule.__members__) + ")$")]

Continuation = Annotated[
    str, Field(strict=True, pattern="^(" + "|".join(ReplacedRule.__members__) + ")$")
]

Kind = Annotated[str, Field(strict=True, pattern="^(" + "|".join(SubjectKind.__members__) + ")$")]


class _Supplier(written.Part):
    sector_institution: written.Place
    source_code: Annotated[str, Field(strict=True, max_length=64)] = ""
    quality_codes: tuple[Quality, ...] = ()
    deadline_milliseconds: Annotated[int, Field(strict=True, ge=1, le=60_000)] | None = None


class _Contract(written.Part):
    code: Annotated[str, Field(strict=True, pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]
    version: Annotated[int, Field(strict=True, ge=1, le=9999)]
    title: written.Text
    criteria_type: MessageName | None = None
    result_type: MessageName
    source_field: Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9_]*$")] | None = None
    subject_kind: Kind = "PERSON"
    integration_check: Check
    minimum_phase: Annotated[int, Field(strict=True, ge=0, le=99)] = 0
    deceased_rule: Rule
    replaced_rule: Continuation = "STOP"
    identity_data: written.Flag = False
    required_fields: tuple[written.Text, ...] = ()
    household_fields: tuple[written.Text, ...] = ()
    suppliers: Annotated[tuple[_Supplier, ...], written.SOME]


class _Document(written.Part):
    valid_from: date
    reviewed_on: date
    sources: Annotated[tuple[written.Text, ...], written.SOME]
    data_contract: _Contract


def shipped_files() -> list[Path]:
    """The files of the contracts that the project ships."""
    folder = Path(str(files("services.registry"))) / "data" / "contracts"
    return sorted(folder.glob("*.yaml"))


def read(plain: object) -> DataContract:
    """The contract of a file, with its messages as they are compiled into this mesh."""
    try:
        written = _Document.model_validate(plain).data_contract
    except ValidationError as invalid:
        raise LoadRefused(problems_of(invalid)) from None
    types = [name for name in (written.criteria_type, written.result_type) if name]
    try:
        descriptor_set = describe_messages(types)
    except LookupError as unknown:
        raise LoadRefused([Problem("data_contract", str(unknown.args[0]))]) from None
    contract = DataContract(
        name=ContractName(written.code, written.version),
        title=written.title,
        criteria_type=written.criteria_type or "",
        result_type=written.result_type,
        descriptor_set=descriptor_set,
        suppliers=tuple(map(_supplier, written.suppliers)),
        source_field=written.source_field or "",
        integration_check=IntegrationCheck[written.integration_check],
        minimum_phase=written.minimum_phase,
        deceased_rule=DeceasedRule[written.deceased_rule],
        replaced_rule=ReplacedRule[written.replaced_rule],
        identity_data=written.identity_data,
        required_fields=written.required_fields,
        household_fields=written.household_fields,
        subject_kind=SubjectKind[written.subject_kind],
    )
    found = problems(contract, None, code_lists())
    if found:
        raise LoadRefused([Problem(f"data_contract.{one.field}", one.description) for one in found])
    return contract


def _supplier(written: _Supplier) -> Supplier:
    milliseconds = written.deadline_milliseconds
    return Supplier(
        written.sector_institution,
        written.source_code,
        frozenset(written.quality_codes),
        None if milliseconds is None else timedelta(milliseconds=milliseconds),
    )
