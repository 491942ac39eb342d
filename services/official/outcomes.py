"""What went wrong with an official answer, as an outcome of the bank."""

from collections.abc import Mapping, Sequence
from functools import cache

from cbss.common.v1 import status_pb2

from services.concepts import written
from services.concepts.dated import load
from services.concepts.status import status_codes

FOUND = "MSG00000"
NOTHING = "MSG00100"
FAULT = "FOUT"

LONGEST_TEXT = 256
LONGEST_NAME = 64
MOST_FACTS = 15

Facts = tuple[tuple[str, str], ...]

_NEW_NUMBER = "Nieuw INSZ"
_TOLD = ("Identificatie", "Oorsprong", "Diagnose", "Omstandigheid")
_AROUND = frozenset({*_TOLD, "Type", "Tijdstip/Datum", "Tijdstip/Tijd"})


class _Fact(written.Part):
    name: str
    value: str


class _Exception(written.Part):
    outcome: str = ""
    failure: str = ""
    facts: tuple[_Fact, ...] = ()


class _Exceptions(written.Part):
    valid_from: written.Day
    reviewed_on: written.Day
    exceptions: Mapping[str, _Exception]


@cache
def _listed() -> Mapping[str, _Exception]:
    return load("services.official", "data/exceptions.yaml", _Exceptions).exceptions


def make_outcome(code: str) -> status_pb2.Status:
    """The status that a code of the bank's list stands for."""
    listed = status_codes()[code]
    name = f"STATUS_VALUE_{listed.value.name}"
    return status_pb2.Status(value=name, code=listed.code, description=listed.description)


def make_failure(code: str, text: str) -> status_pb2.Status:
    """The status of a source that failed, in its own words."""
    return status_pb2.Status(
        value="STATUS_VALUE_TECHNICAL_ERROR", code=code, description=text[:LONGEST_TEXT]
    )


def of_exceptions(exceptions: Sequence[Facts]) -> status_pb2.Status:
    """The outcome of an answer that holds no content: the gravest exception says what it is."""
    ranked = sorted(exceptions, key=lambda facts: dict(facts).get("Type", FAULT) != FAULT)
    if not ranked:
        return make_outcome(NOTHING)
    facts = dict(ranked[0])
    code, text = facts.get("Identificatie", ""), facts.get("Diagnose", "")
    known = _listed().get(code)
    if known is None and facts.get("Type", FAULT) == FAULT:
        status = make_failure(code, text)
    elif known is None:
        status = make_outcome(NOTHING)
        status.code, status.description = code, text[:LONGEST_TEXT]
    elif known.failure:
        status = make_failure(code, text or known.failure)
    else:
        status = make_outcome(known.outcome)
        for fact in known.facts:
            tell(status, fact.name, fact.value)
        if _NEW_NUMBER in facts:
            tell(status, "newSSIN", facts[_NEW_NUMBER])
    for one in ranked:
        tell_of(status, one)
    return status


def tell_of(status: status_pb2.Status, facts: Facts) -> None:
    """Say in a status what an exception says: its code, its words, and its annotations."""
    for name, value in facts:
        if name in _TOLD or name not in _AROUND:
            tell(status, name, value)


def tell(status: status_pb2.Status, name: str, value: str) -> None:
    """Add a fact to a status, as far as there is room for it."""
    if value and len(status.information) < MOST_FACTS:
        status.information.add(field_name=name[-LONGEST_NAME:], field_value=value[:LONGEST_TEXT])
