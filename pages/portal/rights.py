"""What the law says of a person's rights: what came of each, since when, on which data."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal

from babel.numbers import format_currency, format_percent
from cbss.common.v1 import organization_pb2
from cbss.data.v1 import right_pb2
from cbss.rights.v1 import rights_service_pb2 as pb

from pages.blocks import Cell, Row, Terms, bullets
from pages.extract.values import day, instant
from pages.portal.engine import words_in
from pages.words import words

_GRANTED = right_pb2.RIGHT_VERDICT_GRANTED
_REFUSED = right_pb2.RIGHT_VERDICT_REFUSED


@dataclass(frozen=True, slots=True)
class ShownRight:
    """One right on the page of a person."""

    name: str
    title: Cell
    verdict: str
    is_granted: bool
    about: Terms


def show_rights(held: Sequence[pb.MyRight], language: str) -> tuple[ShownRight, ...]:
    """The rights, first those that the person has."""
    shown = [_shown(one, language) for one in held]
    return tuple(sorted(shown, key=lambda one: not one.is_granted))


def _shown(one: pb.MyRight, language: str) -> ShownRight:
    say, verdict = words_in(language), one.decision.verdict
    said = {
        _GRANTED: say("You have this right."),
        _REFUSED: say("You do not have this right."),
    }
    return ShownRight(
        one.decision.right.lower(),
        words("extract", language).told(one.title),
        said.get(verdict, say("It is not decided: data are missing.")),
        verdict == _GRANTED,
        Terms(tuple((term, told) for term, told in _about(one, language, say) if told)),
    )


def _about(one: pb.MyRight, language: str, say: Callable[[str], str]) -> Iterator[tuple[str, Cell]]:
    said, decision = words("extract", language), one.decision
    told = said.told
    yield say("What it is"), told(one.explanation)
    if decision.HasField("grant"):
        ends = decision.grant.HasField("end_date")
        yield say("From"), day(decision.grant.begin_date)
        yield say("Until"), day(decision.grant.end_date) if ends else say("no end is known")
    yield say("What it gives"), _benefit(decision, language)
    yield say("What was not met"), bullets([_unmet(c, told) for c in decision.unmet_conditions])
    yield (
        say("Who did not say what is needed"),
        bullets([told(source.name) for source in decision.missing_sources]),
    )
    yield (
        say("Data that were used"),
        bullets([_fact(fact, told, say) for fact in decision.facts_used]),
    )
    yield say("Who grants it"), said.phrase(one.body) if one.body else ""
    yield say("The law"), said.phrase(one.legal_ground) if one.legal_ground else ""


def _benefit(decision: right_pb2.RightDecision, language: str) -> str:
    locale = f"{language}_BE"
    if decision.HasField("benefit_cents"):
        return format_currency(Decimal(decision.benefit_cents) / 100, "EUR", locale=locale)
    if decision.HasField("benefit_percent"):
        return format_percent(Decimal(decision.benefit_percent) / 100, locale=locale)
    return ""


def _unmet(one: right_pb2.UnmetCondition, told: Callable[..., Cell]) -> Cell:
    if not one.HasField("remedy"):
        return told(one.condition)
    return Row((told(one.condition), " ", told(one.remedy)))


def _fact(fact: right_pb2.RightFact, told: Callable[..., Cell], say: Callable[[str], str]) -> Cell:
    what = told(fact.fact) if fact.HasField("fact") else say("of somebody of your household")
    source, at = _source(fact.source), instant(fact.as_of.ToDatetime(UTC))
    return Row((what, f", {source}, ", at))


def _source(source: organization_pb2.Organization) -> str:
    if source.HasField("sector_institution"):
        place = source.sector_institution
        return f"{place.sector}.{place.institution}"
    return str(source.cbe_number)
