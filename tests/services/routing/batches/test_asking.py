"""Asking for a batch: all pages of a source, and again where nobody was there."""

from dataclasses import replace
from datetime import timedelta

from services.concepts.status import status
from services.routing.batches.usecases.asking import Asking
from services.routing.model import SourceAnswer
from services.routing.usecases import Exchanges
from tests.services.routing import examples as ex

ASKING = Asking(timedelta(seconds=30), pause=timedelta(0))


class Paging:
    """A source that has three pages, and one that has one."""

    def __init__(self):
        self.asked = []

    async def ask(self, source, exchange, plan):
        at = exchange.question.goes_on.get(source.supplier.cbe_number, "")
        self.asked.append((source.source_code, at))
        more = {"": "2", "2": "3"}.get(at, "") if source is ex.first else ""
        return SourceAnswer(source, status("MSG00000"), ticket=at, next=more)

    async def ask_all(self, source, asked):
        return [await self.ask(source, exchange, plan) for exchange, plan in asked]


async def test_a_source_that_has_more_is_asked_to_its_end():
    sources = Paging()
    exchanges = Exchanges(None, None, None, sources, clock=lambda: ex.exchange.received_at)

    [given, again] = await ASKING.ask_all(exchanges, [(ex.exchange, ex.plan)] * 2)
    outcome = exchanges.outcome(ex.exchange, None, ex.plan, given)

    assert [(one.source.source_code, one.ticket) for one in given] == [
        ("SOURCE_FIRST", ""),
        ("SOURCE_FIRST", "2"),
        ("SOURCE_FIRST", "3"),
        ("SOURCE_SECOND", ""),
    ]
    assert again == given
    assert len(sources.asked) == 8
    assert outcome.status.code.code == "MSG00000"


def test_sources_have_the_time_that_nobody_waits_for():
    contract = replace(ex.contract, sources=(ex.first, replace(ex.second, deadline=timedelta(60))))
    catalogue = replace(ex.catalogue, contracts={ex.NAME: contract})

    patient = ASKING.patient(catalogue).contracts[ex.NAME]

    assert [one.deadline for one in patient.sources] == [timedelta(seconds=30), timedelta(60)]
