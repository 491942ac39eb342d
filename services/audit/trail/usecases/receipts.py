"""Who got which data about a person: what a report or a decision of an organization rests on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from services.audit.trail.model import Kept
from services.audit.trail.model.deliveries import Delivery, Term
from services.audit.trail.month_names import month_number
from services.audit.trail.rules import deliveries
from services.audit.trail.usecases.trail import Trail
from services.concepts.dated import Versions
from services.concepts.ssin import Ssin


@dataclass(frozen=True)
class Receipts:
    """Knows from the trail what went out, as far back as the terms of correction reach."""

    trail: Trail
    terms: Versions[Term]
    today: Callable[[], date]
    delivery: Callable[[Kept], Delivery | None]
    """What a kept record says of data that went out; nothing if none did."""

    def term(self) -> Term:
        """The term in force today."""
        return self.terms.on(self.today())

    async def about(self, person: Ssin) -> list[Delivery]:
        """All data about a person that went out lately, in the order of recording."""
        since = deliveries.told_from(self.term(), self.today())
        month = month_number(since.year, since.month)
        return [
            delivery
            async for kept in self.trail.records_about(person, month)
            if (delivery := self.delivery(kept)) and delivery.occurred_at.date() >= since
        ]
