"""Consultations whose answer comes in a batch: asked so, or because it was not whole at once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.routing.batches.model import Deferred, Item, Order
from services.routing.batches.usecases.submitting import Submissions
from services.routing.model import Exchange, Outcome, ResultsAction
from services.routing.rules import answers
from services.routing.usecases import Consultations


@dataclass(frozen=True)
class Deferrals:
    """Answers at once or later, as the customer wants it."""

    consultations: Consultations
    submissions: Callable[[], Awaitable[Submissions]]
    """Who takes batches, opened when it is first wanted."""

    async def answer(
        self,
        exchange: Exchange,
        action: ResultsAction,
        deferred: Callable[[], tuple[Order, Item]],
    ) -> Outcome | Deferred:
        """What was found at once, if that is all; else what became of the batch for all of it."""
        outcome: Outcome | None = None
        if action is not ResultsAction.BATCH_ONLY:
            outcome = await self.consultations.consult(exchange)
            if action is ResultsAction.ONLINE_ONLY or answers.is_whole(outcome.answers):
                return outcome

        order, item = deferred()

        async def alone() -> AsyncIterator[Sequence[Item]]:
            yield [item]

        came = await (await self.submissions()).submit(order, alone())
        if outcome is not None and came.batch is None:
            # No batch is allowed.
            return outcome
        return Deferred(came, outcome)
