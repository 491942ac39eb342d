"""The head that every public question has: on which ticket, for whom, and for which purpose.

Source: official common schema, types InformationCustomer and LegalContext.
"""

from dataclasses import dataclass

from services.concepts.legal_context import LegalContext
from services.concepts.organization import Organization
from services.concepts.user_id import UserId


@dataclass(frozen=True, slots=True)
class Head:
    """Who says to ask, and for which purpose; whether that may be is for the rules."""

    ticket: str
    """The customer's own name of the question."""
    customer: Organization
    legal_context: LegalContext
    """Empty where no purpose is asked."""
    user: UserId | None = None
    """Who asks at the customer, for the trail alone."""
