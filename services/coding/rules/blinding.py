"""What the service does in the blind mode: one multiplication of a point that it cannot read.

Whoever asks has multiplied the point by chance of his own, and takes that away from what he gets:
the service sees neither the identifier nor the pseudonym. It multiplies by the scalar k of the
domain, or by its inverse, and by the scalar s of the transit form; all of it is folded into one.

  pseudonymise  k / s'     identify  s / k     convert  s / k(from) * k(to) / s'

Source: public protocol of the Belgian eHealth pseudonymisation service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.coding.model import Blinded, Domain, DomainKey, Flaw, Passed
from services.coding.rules.curve import ORDER, Scalars, find_point, invert, multiply
from services.coding.rules.transit import open_scalar, seal_scalar

AT_REST = 1
"""The scalar of a form that is not in transit."""


def make_domain(
    name: str,
    audience: str,
    scalar: int,
    keys: Mapping[str, DomainKey],
    active: str,
    lives: timedelta = timedelta(minutes=10),
) -> Domain:
    """A domain, with the inverse of its scalar."""
    return Domain(name, audience, scalar, invert(scalar), keys, active, lives)


@dataclass(frozen=True)
class Blinding:
    """What is done to points; every form in transit has a scalar of its own."""

    scalars: Scalars

    def pseudonymise(self, domain: Domain, told: Blinded, now: datetime) -> Passed | Flaw:
        """The pseudonym in a domain of an identifier that nobody here can read."""
        return self._passed(told, domain.scalar, domain, now)

    def identify(self, domain: Domain, told: Blinded, now: datetime) -> Passed | Flaw:
        """The identifier of a pseudonym of a domain, as unreadable. It must come in transit:
        whoever has stolen a register of pseudonyms at rest cannot bring them there without the
        domain's key."""
        scalar = Flaw.TRANSIT if told.transit is None else open_scalar(domain, told.transit, now)
        if isinstance(scalar, Flaw):
            return scalar
        return self._passed(told, scalar * domain.inverse, None, now)

    def convert(self, begin: Domain, end: Domain, told: Blinded, now: datetime) -> Passed | Flaw:
        """The pseudonym in one domain of who has a pseudonym in another."""
        scalar = AT_REST if told.transit is None else open_scalar(begin, told.transit, now)
        if isinstance(scalar, Flaw):
            return scalar
        return self._passed(told, scalar * begin.inverse * end.scalar, end, now)

    def _passed(
        self, told: Blinded, scalar: int, to: Domain | None, now: datetime
    ) -> Passed | Flaw:
        point = find_point(told.x, told.y)
        if point is None:
            return Flaw.POINT
        if to is None:
            return Passed(multiply(point, scalar % ORDER))
        fresh, inverse = self.scalars.draw()
        made = multiply(point, scalar * inverse % ORDER)
        return Passed(made, seal_scalar(to, fresh, now))
