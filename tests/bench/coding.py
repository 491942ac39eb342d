"""What codes cost: `cbss bench coding`.

Keyed codes of lists, against the same digest by the standard library's own HMAC; with all around
them that gives a source its temporary numbers; and the anonymising of what was sent. One core, one
process, transport and stores apart.
"""

import argparse
import hmac
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time

from services.coding.hierarchies import hierarchies
from services.coding.model import (
    CodedUnit,
    Plan,
    ReleaseRules,
    Row,
    Variable,
    VariableKind,
    VariableRole,
)
from services.coding.rules.anonymising import anonymise
from services.coding.rules.codes import Coder, Draw
from services.coding.rules.sealing import TemporaryNumbers
from services.concepts.enterprise_number import EnterpriseNumber
from tests.bench.report import Figure, show, write
from tests.services.coding.examples import PLAN, STATUS

LIST = 10_000
KEY = b"k" * 32
SOURCE = EnterpriseNumber(899990150)
BASELINE = "hmac.digest, one by one"


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench coding", description=__doc__)
    parser.add_argument("--lists", type=int, default=40, help="lists of 10,000 numbers")
    parser.add_argument("--units", type=int, default=100_000, help="units to anonymise")
    parser.add_argument("--json", type=Path)
    told = parser.parse_args(arguments)
    figures = [*_codes(told.lists), *_anonymising(told.units)]
    show(figures)
    if told.json:
        write(told.json, figures)


def _codes(lists: int) -> list[Figure]:
    numbers = [f"{n:011d}".encode() for n in range(LIST)]
    coder, draw, temporary = Coder(KEY), Draw(KEY, 10_000), TemporaryNumbers(KEY * 2, SOURCE)

    def bare() -> None:
        for number in numbers:
            hmac.digest(KEY, number, "sha256")[:16]

    def numbered() -> None:
        for number in numbers:
            if draw.draws(number):
                temporary.give(CodedUnit(coder.code(number)))

    rates = {
        BASELINE: _rate(bare, lists),
        "codes, in lists of 10,000": _rate(lambda: coder.codes(numbers), lists),
        "drawn, coded and numbered": _rate(numbered, max(1, lists // 4)),
    }
    base = rates[BASELINE]
    return [Figure(name, rate, "1/s", BASELINE, rate / base) for name, rate in rates.items()]


def _rate(work: Callable[[], object], rounds: int) -> float:
    work()
    begun = process_time()
    for _ in range(rounds):
        work()
    return rounds * LIST / (process_time() - begun)


def _anonymising(units: int) -> list[Figure]:
    plan = _plan()
    rows = [
        Row(
            CodedUnit(n.to_bytes(16)),
            (
                *(str(n * 7919 % 100), f"{44 if n % 3 else 62}{n % 97:03d}"),
                *(str(n * 31 % 5000), "ABC"[n % 3]),
            ),
        )
        for n in range(units)
    ]
    begun = process_time()
    _, report = anonymise(plan, rows, hierarchies())
    taken = process_time() - begun
    return [
        Figure("units anonymised, four variables", units / taken, "1/s"),
        Figure("smallest group before", report.before.smallest_group, "units"),
        Figure("smallest group after", report.after.smallest_group, "units"),
        Figure("information lost", report.lost_per_mille, "of 1,000"),
    ]


def _plan() -> Plan:
    def variable(name: str, role: VariableRole, hierarchy: str = "", level: str = "") -> Variable:
        kind = VariableKind.TEXT
        return Variable(name, STATUS, "statuses.name", SOURCE, kind, role, hierarchy, level)

    quasi, sensitive = VariableRole.QUASI_IDENTIFIER, VariableRole.SENSITIVE
    return replace(
        PLAN,
        variables=(
            variable("age", quasi, "AGE", "FIVE_YEARS"),
            variable("place", quasi, "PLACE", "DISTRICT"),
            variable("amount", quasi, "MONTHLY_AMOUNT", "STEPS_OF_500"),
            variable("kind", sensitive),
        ),
        rules=ReleaseRules(10, 2, 1000),
    )
