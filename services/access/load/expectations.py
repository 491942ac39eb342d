"""Policy tests as they are written, in YAML that a jurist reads and writes.

about: The means test of the living wage
on: "2026-03-31"
expectations:
- who: "0899990348"            # enterprise number
  place: "17.1"                # sector.institution; may be left out
  asks: HANDICAP               # the data contract; version 1 unless `version` says otherwise
  for: PCSW:LIVING_WAGE_MEANS_TEST
  how: ONLINE                  # ONLINE, BATCH or PUSH
  from: "2026-01-01"           # the days asked; the day itself unless told
  until: "2026-03-31"
  outcome: GRANTED             # or a reason, such as NOT_ACCEDED
  fields: [rights]             # paths that must be granted; may be left out
  never: [addresses]           # paths that must be cut; may be left out
  why: A centre must know means before it decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, PlainValidator

from services.access.model import Question, Reason
from services.access.rules.expectations import Expectation, disappointments
from services.access.rules.snapshots import Snapshot
from services.access.store import fields
from services.concepts import dated, written
from services.concepts.data_contract import parse_contract_name
from services.concepts.failures import InvalidArgument
from services.concepts.lines import line_of
from services.concepts.period import Period
from services.concepts.problems import Problem

GRANTED = "GRANTED"


def _outcome(text: object) -> Reason | None:
    if text == GRANTED:
        return None
    if not isinstance(text, str) or text not in Reason.__members__:
        raise ValueError(f"must be {GRANTED} or one of {', '.join(Reason.__members__)}")
    return Reason[text]


class _Expectation(written.Part):
    who: written.Number
    place: written.Place | None = None
    asks: Annotated[str, Field(strict=True, pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]
    version: fields.Version = 1
    purpose: Annotated[fields.Context, Field(alias="for")]
    how: fields.Way
    begin: Annotated[written.Day | None, Field(alias="from")] = None
    end: Annotated[written.Day | None, Field(alias="until")] = None
    outcome: Annotated[Reason | None, PlainValidator(_outcome)]
    never: tuple[fields.FieldPath, ...] = ()
    granted: Annotated[tuple[fields.FieldPath, ...], Field(alias="fields")] = ()
    why: str = Field(min_length=10)


class _Document(written.Part):
    about: written.Text
    on: written.Day
    expectations: Annotated[tuple[_Expectation, ...], written.SOME]


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of the expectations of some files: how many there are, and which are not met."""

    expectations: int
    problems: Sequence[Problem]


def check(paths: Sequence[Path], snapshot: Snapshot) -> Checked:
    """Every expectation in the files against a set of deliberations."""
    count, problems = 0, list[Problem]()
    for path in paths:
        try:
            document, lines = dated.read_with_lines(path, _Document)
            expected = [_expectation(one, document.on) for one in document.expectations]
        except dated.FileRefused as refused:
            problems += refused.problems
            continue
        except InvalidArgument as invalid:
            problems.append(Problem("", invalid.violations[0].description, 0, str(path)))
            continue
        count += len(expected)
        for one in disappointments(expected, snapshot):
            field = f"expectations[{one.index}]"
            said = f"{one.said}: {expected[one.index].why}"
            problems.append(Problem(field, said, line_of(lines, field), str(path)))
    return Checked(count, problems)


def _expectation(one: _Expectation, day: date) -> Expectation:
    period = Period(one.begin or day, one.end or (day if one.begin is None else None))
    contract = parse_contract_name(one.asks, one.version)
    question = Question(one.who, one.place, one.purpose, contract, period, one.how)
    return Expectation(question, day, one.outcome, one.granted, one.never, one.why)
