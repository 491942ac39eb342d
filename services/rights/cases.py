"""Cases beside the law, as a civil servant writes them: who lives where, and what follows.

A fact is `RIS from 2024-02-12 until 2024-12-31 decided 2024-02-20 value 2`, a home or a fund
`A from 2024-01-01 as 20`; who has no other position is the holder. What is expected:
`Ann on 2024-05-31: WATER_DISCOUNT refused`, or `granted from 2024-01-01 until 2024-12-31`, or
`undecided without FPS_FINANCE`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.concepts import written
from services.concepts.dated import FileRefused, read_with_lines
from services.concepts.lines import line_of
from services.concepts.problems import Problem
from services.rights.model.columns import FAR, UNKNOWN, Columns
from services.rights.model.decision import Decision
from services.rights.model.law import Law
from services.rights.rules import calendar
from services.rights.rules.decide import Decider
from services.rights.rules.gather import GivenFact, GivenMembership, columns

_LIVES = ("SAME_DOMICILE", "RRN_HOUSEHOLD")
_INSURED = ("HOLDER_PARTNER_DEPENDANTS",)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LINE = re.compile(
    rf"(?P<name>[A-Za-z0-9_]+)(?: from (?P<begin>{_DAY}))?(?: until (?P<end>{_DAY}))?"
    rf"(?: decided (?P<decided>{_DAY}|unknown))?(?: value (?P<value>-?[0-9]+|unknown))?"
    r"(?: as (?P<position>[0-9]+))?"
)
_EXPECTED = re.compile(
    rf"(?P<who>\w+) on (?P<day>{_DAY}): (?P<right>[A-Z0-9_]+) "
    r"(?P<verdict>granted|refused|undecided)"
    rf"(?: from (?P<begin>{_DAY}))?(?: until (?P<end>{_DAY}|open))?(?: without (?P<missing>.+))?"
)
_LONG_AGO = date(2000, 1, 1)


class PersonForm(written.Part):
    """A person of a case."""

    born: written.Day | None = date(1980, 1, 1)
    lives: tuple[str, ...] = ()
    insured: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """The sources that could not say."""


class CaseForm(written.Part):
    """A case."""

    case: written.Text
    people: Annotated[dict[str, PersonForm], Field(min_length=1)]
    expect: Annotated[tuple[str, ...], written.SOME]


class CasesFile(written.Part):
    """A file of cases."""

    cases: Annotated[tuple[CaseForm, ...], written.SOME]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an expectation."""

    case: str
    expected: str
    found: str

    @property
    def is_met(self) -> bool:
        """Whether it is what was expected."""
        return self.expected == self.found


def run(law: Law, path: Path) -> list[Outcome]:
    """What comes of the cases of a file; fails with FileRefused."""
    file, lines = read_with_lines(path, CasesFile)
    decider, found = Decider(law), []
    for at, case in enumerate(file.cases):
        try:
            found += list(_outcomes(decider, case))
        except (ValueError, KeyError) as wrong:
            line = line_of(lines, f"cases[{at}]")
            said = f"{wrong.args[0]} means nothing" if isinstance(wrong, KeyError) else str(wrong)
            raise FileRefused([Problem(case.case, said, line, path.name)]) from None
    return found


def _outcomes(decider: Decider, case: CaseForm) -> Iterator[Outcome]:
    people = {name: at for at, name in enumerate(case.people)}
    known = _columns(decider.law, case.people)
    for line in case.expect:
        told = _EXPECTED.fullmatch(line)
        if told is None:
            raise ValueError(f"must be like `Ann on 2024-05-31: RIGHT refused`, not `{line}`")
        day, right = date.fromisoformat(told["day"]), told["right"]
        person = people[told["who"]]
        decision = decider.decide(known, person, day, [decider.law.rights[right].name])[0]
        yield Outcome(case.case, line, _said(told, decision))


def _said(told: re.Match[str], decision: Decision) -> str:
    said = f"{told['who']} on {told['day']}: {told['right']} {decision.verdict.name.lower()}"
    # Only what the case speaks of is compared; a verdict that is another one is said whole.
    whole = decision.verdict.name.lower() != told["verdict"]
    if decision.begins is not None and (told["begin"] or whole):
        said += f" from {decision.begins}"
    if decision.begins is not None and (told["end"] or whole):
        said += f" until {decision.ends or 'open'}"
    if decision.missing and (told["missing"] or whole):
        said += f" without {', '.join(decision.missing)}"
    return said


def _columns(law: Law, people: Mapping[str, PersonForm]) -> Columns:
    homes: dict[tuple[str, str], int] = {}
    facts, memberships, unknown = [], [], {}
    for at, one in enumerate(people.values()):
        unknown[at] = sum(law.sources[name].bit for name in one.unknown)
        facts += [_fact(law, at, line) for line in one.facts]
        for scopes, lines in ((_LIVES, one.lives), (_INSURED, one.insured)):
            for scope in scopes:
                for line in lines:
                    told = _told(line)
                    group = homes.setdefault((scope, told["name"]), len(homes))
                    memberships.append(_membership(law, at, scope, group, told))
    born = [UNKNOWN if one.born is None else calendar.number(one.born) for one in people.values()]
    return columns(born, unknown, facts, memberships)


def _told(line: str) -> re.Match[str]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"must be like `RIS from 2024-02-12 value 2`, not `{line}`")
    return found


def _number(day: str | None, otherwise: int) -> int:
    return otherwise if day is None else calendar.number(date.fromisoformat(day))


def _fact(law: Law, person: int, line: str) -> GivenFact:
    told = _told(line)
    begin = _number(told["begin"], calendar.number(_LONG_AGO))
    decided = UNKNOWN if told["decided"] == "unknown" else _number(told["decided"], begin)
    value = UNKNOWN if told["value"] == "unknown" else int(told["value"] or 0)
    kind = law.facts[told["name"]].code
    return GivenFact(person, kind, begin, _number(told["end"], FAR), decided, value)


def _membership(
    law: Law, person: int, scope: str, group: int, told: re.Match[str]
) -> GivenMembership:
    return GivenMembership(
        person,
        law.scopes[scope].code,
        group,
        _number(told["begin"], calendar.number(_LONG_AGO)),
        _number(told["end"], FAR),
        int(told["position"] or 1),
    )
