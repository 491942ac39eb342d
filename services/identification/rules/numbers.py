"""What a number is today, given what is kept of it and of those that replaced it."""

from services.concepts.resolved_ssin import SsinState
from services.concepts.ssin import Ssin, SsinKind
from services.identification.model.numbers import Person, Resolved


def can_be_a_person(ssin: Ssin, *, knows_mock_numbers: bool) -> bool:
    """Whether the number may be anybody's here: in production nobody has a mock number."""
    return knows_mock_numbers or ssin.kind is not SsinKind.MOCK


def resolve(ssin: Ssin, last: Person | None) -> Resolved:
    """What the number is, from the person at the end of its chain of replacements.

    A chain that ends with a cancelled number, or does not end, leaves nobody to turn to: the number
    then counts as cancelled itself.
    """
    if last is None:
        return Resolved(ssin, SsinState.UNKNOWN)
    if last.state is not SsinState.ACTIVE:
        return Resolved(ssin, SsinState.CANCELED)
    if last.ssin == ssin:
        return Resolved(ssin, SsinState.ACTIVE, deceased_on=last.deceased_on)
    return Resolved(ssin, SsinState.REPLACED, last.ssin, last.deceased_on)
