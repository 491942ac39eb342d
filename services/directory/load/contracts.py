"""Data contracts as they are written: one reviewed YAML file each, with dates and sources."""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from services.concepts.data_contract import ContractName
from services.directory.load import fields
from services.directory.load.code_lists import code_lists
from services.directory.load.descriptors import described, source_codes
from services.directory.load.refusal import LoadRefused, Problem, problems_of
from services.directory.model import (
    DEFINITIVE,
    SPECIAL,
    DataContract,
    DeceasedRule,
    IntegrationCheck,
    Supplier,
)

MessageName = Annotated[str, Field(strict=True, pattern=r"^[a-z0-9_.]+\.[A-Z][A-Za-z0-9]*$")]
Check = Annotated[
    str, Field(strict=True, pattern="^(" + "|".join(IntegrationCheck.__members__) + ")$")
]
Rule = Annotated[str, Field(strict=True, pattern="^(" + "|".join(DeceasedRule.__members__) + ")$")]


class _Supplier(fields.Part):
    sector_institution: fields.Place
    source_code: Annotated[str, Field(strict=True, max_length=64)] = ""
    quality_codes: Annotated[tuple[fields.Quality, ...], fields.SOME]
    deadline_milliseconds: Annotated[int, Field(strict=True, ge=1, le=60_000)] | None = None


class _Contract(fields.Part):
    code: Annotated[str, Field(strict=True, pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]
    version: Annotated[int, Field(strict=True, ge=1, le=9999)]
    title: fields.Text
    criteria_type: MessageName | None = None
    result_type: MessageName
    source_field: Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9_]*$")] | None = None
    integration_check: Check
    minimum_phase: Annotated[int, Field(strict=True, ge=0, le=99)] = 0
    deceased_rule: Rule
    identity_data: fields.Flag = False
    suppliers: Annotated[tuple[_Supplier, ...], fields.SOME]


class _Document(fields.Part):
    valid_from: date
    reviewed_on: date
    sources: Annotated[tuple[fields.Text, ...], fields.SOME]
    data_contract: _Contract


def shipped() -> list[Path]:
    """The files of the contracts that the project ships."""
    folder = Path(str(files("services.directory"))) / "data" / "contracts"
    return sorted(folder.glob("*.yaml"))


def read(plain: object) -> DataContract:
    """The contract of a file, with its messages as they are compiled into this mesh."""
    try:
        written = _Document.model_validate(plain).data_contract
    except ValidationError as invalid:
        raise LoadRefused(problems_of(invalid)) from None
    problems = list(_contradictions(written))
    if problems:
        raise LoadRefused(problems)
    types = [name for name in (written.criteria_type, written.result_type) if name]
    return DataContract(
        name=ContractName(written.code, written.version),
        title=written.title,
        criteria_type=written.criteria_type or "",
        result_type=written.result_type,
        descriptor_set=described(types),
        suppliers=tuple(map(_supplier, written.suppliers)),
        source_field=written.source_field or "",
        integration_check=IntegrationCheck[written.integration_check],
        minimum_phase=written.minimum_phase,
        deceased_rule=DeceasedRule[written.deceased_rule],
        identity_data=written.identity_data,
    )


def _contradictions(written: _Contract) -> Iterator[Problem]:
    try:
        described([name for name in (written.criteria_type, written.result_type) if name])
        known = source_codes(written.criteria_type, written.source_field)
    except LookupError as unknown:
        yield Problem("data_contract", str(unknown.args[0]))
        return
    for n, supplier in enumerate(written.suppliers):
        where = f"data_contract.suppliers[{n}]"
        if supplier.sector_institution not in code_lists().places:
            yield Problem(f"{where}.sector_institution", "is not on the list of places")
        for m, code in enumerate(supplier.quality_codes):
            # 902 and 999 say that there are no data; 000 says that it does not matter which.
            banned = code in SPECIAL - {DEFINITIVE}
            if banned or not code_lists().has_quality(supplier.sector_institution, code):
                yield Problem(f"{where}.quality_codes[{m}]", "is no quality of that sector")
        if known is not None and supplier.source_code not in known:
            yield Problem(f"{where}.source_code", "is no value of the source field")
        if bool(supplier.source_code) != bool(written.source_field):
            yield Problem(f"{where}.source_code", "must be there exactly with a source field")


def _supplier(written: _Supplier) -> Supplier:
    milliseconds = written.deadline_milliseconds
    return Supplier(
        written.sector_institution,
        written.source_code,
        frozenset(written.quality_codes),
        None if milliseconds is None else timedelta(milliseconds=milliseconds),
    )
