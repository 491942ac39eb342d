"""Decisions as they travel. The numbers of the engine stay within it."""

from collections.abc import Iterable
from typing import cast

from cbss.data.v1 import right_pb2 as pb

from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.rights.model.decision import Verdict
from services.rights.model.law import Law, Series
from services.rights.model.people import Freshness, KnownFact, Reasoned
from services.wire import values
from services.wire.citizens import encode_words


def encode_decision(
    law: Law, told: Reasoned, person: Ssin, *, to_citizen: bool
) -> pb.RightDecision:
    """A decision; a citizen does not read what a fact of another is."""
    decision = told.decision
    message = pb.RightDecision(
        right=decision.right,
        verdict=cast("pb.RightVerdict", decision.verdict.value),
        rule_version=None if decision.version is None else values.encode_day(decision.version),
        facts_used=[_fact(law, fact, person, to_citizen=to_citizen) for fact in told.facts],
        missing_sources=[
            pb.MissingSource(source=name, name=encode_words(law.sources[name].title))
            for name in decision.missing
        ],
        unmet_conditions=[
            pb.UnmetCondition(
                condition=encode_words(one.condition), remedy=encode_words(one.remedy)
            )
            for one in told.unmet
        ],
        unchecked_amounts=[
            pb.UncheckedAmount(
                series=name, checked_until=values.encode_day(law.series[name].checked_until)
            )
            for name in decision.unchecked
        ],
    )
    if decision.verdict is Verdict.GRANTED and decision.begins is not None:
        message.grant.CopyFrom(values.encode_period(Period(decision.begins, decision.ends)))
        benefit = told.right.benefit
        if benefit.percent is not None:
            message.benefit_percent = benefit.percent
        if benefit.series:
            message.benefit_cents = _cents(law.series[benefit.series], told)
    return message


def _cents(series: Series, told: Reasoned) -> int:
    assert told.decision.begins is not None
    day = max(told.decision.begins, next(iter(series.amounts)).begins)
    return series.amounts.on(day).cents


def _fact(law: Law, fact: KnownFact, person: Ssin, *, to_citizen: bool) -> pb.RightFact:
    is_of_another = fact.person != person
    message = pb.RightFact(
        source=values.encode_organization(fact.supplier),
        as_of=None if fact.as_of is None else values.encode_instant(fact.as_of),
        is_of_another=is_of_another,
    )
    if is_of_another and to_citizen:
        return message
    message.fact_type = fact.kind
    message.fact.CopyFrom(encode_words(law.facts[fact.kind].title))
    message.period.CopyFrom(values.encode_period(fact.period))
    if fact.decided_on is not None:
        message.decided_on.CopyFrom(values.encode_day(fact.decided_on))
    return message


def encode_sources(sources: Iterable[Freshness]) -> list[pb.SourceFreshness]:
    """How fresh sources are."""
    return [
        pb.SourceFreshness(
            source=values.encode_organization(one.supplier), as_of=values.encode_instant(one.as_of)
        )
        for one in sources
    ]
