"""Asking for a batch: with more patience than for who waits, and all pages of an answer."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

from services.routing.model import Catalogue, Exchange, Plan, SourceAnswer
from services.routing.rules import answers
from services.routing.usecases import Exchanges

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

    async def ask(
        self, exchanges: Exchanges, exchange: Exchange, plan: Plan
    ) -> tuple[SourceAnswer, ...]:
        """What the sources of one exchange answer, all pages of it."""
        given = latest = await self._answered(exchanges, exchange, plan)
        for _ in range(MOST_PAGES - 1):
            goes_on = {one.source.supplier.cbe_number: one.next for one in latest if one.next}
            if not goes_on:
                break
            # What an online customer reads page by page stands here whole.
            further = replace(exchange, question=replace(exchange.question, goes_on=goes_on))
            asked = tuple(one for one in plan.asked if one.supplier.cbe_number in goes_on)
            latest = await self._answered(
                exchanges, further, replace(plan, asked=asked, unaware=())
            )
            given = (*(replace(one, next="") for one in given), *latest)
        return answers.in_catalogue_order(given, plan)

    async def _answered(
        self, exchanges: Exchanges, exchange: Exchange, plan: Plan
    ) -> tuple[SourceAnswer, ...]:
        """One page; who was not there may be there a moment later."""
        given = await exchanges.ask(exchange, plan)
        if any(one.trouble in answers.NOBODY_THERE for one in given):
            await asyncio.sleep(self.pause.total_seconds())
            given = await exchanges.ask(exchange, plan)
        return given
