"""Who got a datum, and how far back that counts."""

from collections.abc import Sequence
from datetime import date

from services.audit.trail.model.deliveries import Datum, Delivery, Term
from services.concepts.delays import Delay, delay
from services.concepts.enterprise_number import EnterpriseNumber


def told_from(term: Term, day: date) -> date:
    """From which day on recipients are told of a correction of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 - term.told_months, 12)
    # A month may be shorter than the day is late in it: then a little more is told, never less.
    return date(year, month + 1, min(day.day, 28))


def brought(delivery: Delivery, datum: Datum) -> bool:
    """Whether a delivery had the datum in it."""
    return brought_of(delivery, datum.data_contract, datum.source) and not any(
        _covers(cut, datum.field_path) for cut in delivery.cut
    )


def brought_of(delivery: Delivery, data_contract: str, source: EnterpriseNumber) -> bool:
    """Whether a delivery had data of a kind of a source in it."""
    return delivery.data_contract == data_contract and source.digits in delivery.sources


def purposes(deliveries: Sequence[Delivery], delays: Sequence[Delay], day: date) -> dict[str, str]:
    """Everybody who got something, with the purpose: of several the one that is shown to the person
    first, for what a later one would hide is no secret then."""
    found: dict[str, str] = {}
    for one in sorted(deliveries, key=lambda one: -delay(one.legal_context, day, delays)):
        found.update(dict.fromkeys(one.recipients, one.legal_context))
    return found


def _covers(cut: str, field_path: str) -> bool:
    return field_path == cut or field_path.startswith(f"{cut}.")
