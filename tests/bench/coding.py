"""What codes cost: `cbss bench coding`.

Keyed codes of lists, against the same digest by the standard library's own HMAC; with all around
them that gives a source its temporary numbers; the blind mode, against the multiplications that
OpenSSL gives alone; and the anonymising of what was sent. One core, one process, transport and
stores apart.
"""

import argparse
import hmac
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time

from cryptography.hazmat.primitives.asymmetric import ec

from services.coding.hierarchies import hierarchies
from services.coding.model import (
    Blinded,
    CodedUnit,
    DomainKey,
    Plan,
    ReleaseRules,
    Row,
    Variable,
    VariableKind,
    VariableRole,
)
from services.coding.rules.anonymising import anonymise
from services.coding.rules.blinding import Blinding, make_domain
from services.coding.rules.codes import Coder, Draw
from services.coding.rules.curve import Scalars, _library, draw_scalar, find_point, multiply
from services.coding.rules.sealing import TemporaryNumbers
from services.coding.rules.transit import seal_scalar
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.clock import utc_now
from tests.bench.report import Figure, show, write
from tests.services.coding.examples import PLAN, STATUS

LIST = 10_000
KEY = b"k" * 32
SOURCE = EnterpriseNumber(899990150)
BASELINE = "hmac.digest, one by one"
BARE = "P-521 multiplications alone"
_BEGIN = ec.derive_private_key(1, ec.SECP521R1()).public_key().public_numbers()
GENERATOR = _BEGIN.x.to_bytes(66), _BEGIN.y.to_bytes(66)


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench coding", description=__doc__)
    parser.add_argument("--lists", type=int, default=40, help="lists of 10,000 numbers")
    parser.add_argument("--units", type=int, default=100_000, help="units to anonymise")
    parser.add_argument("--points", type=int, default=2_000, help="points to multiply")
    parser.add_argument("--json", type=Path)
    told = parser.parse_args(arguments)
    figures = [*_codes(told.lists), *_blind(told.points), *_anonymising(told.units)]
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


def _rate(work: Callable[[], object], rounds: int, units: int = LIST) -> float:
    work()
    begun = process_time()
    for _ in range(rounds):
        work()
    return rounds * units / (process_time() - begun)


def _blind(points: int) -> list[Figure]:
    """What the blind mode adds to the multiplications of OpenSSL alone."""
    keys = {"key": DomainKey("key", KEY)}
    domain = make_domain("home", "https://home.example", draw_scalar(), keys, "key")
    other = make_domain("away", "https://away.example", draw_scalar(), keys, "key")
    begin, now = find_point(*GENERATOR), utc_now()
    assert begin is not None
    service = Blinding(Scalars())
    plain, scalar = Blinded(begin.x, begin.y), draw_scalar()
    coming = replace(plain, transit=seal_scalar(domain, scalar, now))
    works: dict[str, Callable[[], object]] = {
        BARE: _bare(scalar),
        "with coordinates and checks": lambda: multiply(begin, scalar),
        "pseudonymise": lambda: service.pseudonymise(domain, plain, now),
        "identify": lambda: service.identify(domain, coming, now),
        "convert, from transit": lambda: service.convert(domain, other, coming, now),
    }
    rates = {name: _rate(work, points, 1) for name, work in works.items()}
    return [Figure(name, rate, "1/s", BARE, rate / rates[BARE]) for name, rate in rates.items()]


def _bare(scalar: int) -> Callable[[], object]:
    """OpenSSL's own function and nothing around it."""
    lib, group = _library()
    times, x, y = (lib.BN_bin2bn(one, 66, None) for one in (scalar.to_bytes(66), *GENERATOR))
    lib.BN_set_flags(times, 4)
    begun, made = lib.EC_POINT_new(group), lib.EC_POINT_new(group)
    context = lib.BN_CTX_secure_new()
    assert lib.EC_POINT_set_affine_coordinates(group, begun, x, y, context) == 1
    return lambda: lib.EC_POINT_mul(group, made, None, begun, times, context)


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
