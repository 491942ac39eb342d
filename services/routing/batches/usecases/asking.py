"""Asking for a batch: with more patience than for who waits, and all pages of an answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from services.routing.model import Catalogue, Exchange, Plan, SourceAnswer
from services.routing.rules import answers
from services.routing.usecases import Exchanges

Asked = tuple[Exchange, Plan]
Given = tuple[SourceAnswer, ...]
MOST_PAGES = 50
"""How far a source is followed that always has more; the rest is told as PARTIAL_RESULT."""


@dataclass(frozen=True)
class Asking:
    """How a batch asks."""

    deadline: timedelta
    """How long a source has at least."""
    pause: timedelta = timedelta(seconds=1)
    """Until who was not there is asked for the second and last time."""

    def patient(self, catalogue: Catalogue) -> Catalogue:
        """The catalogue, with the time that sources have for batches."""
        contracts = {
            name: replace(
                contract,
                sources=tuple(
                    replace(source, deadline=max(source.deadline, self.deadline))
                    for source in contract.sources
                ),
            )
            for name, contract in catalogue.contracts.items()
        }
        return replace(catalogue, contracts=contracts)

    async def ask_all(self, exchanges: Exchanges, asked: Sequence[Asked]) -> list[Given]:
        """What the sources of each exchange answer, all pages of it."""
        given = await self._page(exchanges, asked)
        latest = dict(enumerate(given))
        for _ in range(MOST_PAGES - 1):
            further = {
                place: _further(asked[place], page)
                for place, page in latest.items()
                if _goes_on(page)
            }
            if not further:
                break
            # What an online customer reads page by page stands here whole.
            pages = await self._page(exchanges, list(further.values()))
            latest = dict(zip(further, pages, strict=True))
            for place, page in latest.items():
                given[place] = (*(replace(one, next="") for one in given[place]), *page)
        return [
            answers.in_catalogue_order(some, plan)
            for some, (_, plan) in zip(given, asked, strict=True)
        ]

    async def _page(self, exchanges: Exchanges, asked: Sequence[Asked]) -> list[Given]:
        """One page; who was not there may be there a moment later."""
        given = await exchanges.ask_all(asked)
        again = [place for place, some in enumerate(given) if _is_lacking(some)]
        if again:
            await asyncio.sleep(self.pause.total_seconds())
            second = await exchanges.ask_all([asked[place] for place in again])
            for place, some in zip(again, second, strict=True):
                given[place] = some
        return given


def _is_lacking(given: Given) -> bool:
    return any(one.trouble in answers.NOBODY_THERE for one in given)


def _goes_on(given: Given) -> bool:
    return any(one.next for one in given)


def _further(asked: Asked, given: Given) -> Asked:
    """The question for the page after one."""
    exchange, plan = asked
    goes_on = {one.source.supplier.cbe_number: one.next for one in given if one.next}
    sources = tuple(one for one in plan.asked if one.supplier.cbe_number in goes_on)
    return (
        replace(exchange, question=replace(exchange.question, goes_on=goes_on)),
        replace(plan, asked=sources, unaware=()),
    )
