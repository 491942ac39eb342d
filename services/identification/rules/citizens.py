"""What a citizen is told of what the registers keep about him, and in which order.

Nothing is left out: that an address must not be disclosed (information type 252) protects the
person from others, not from himself (General Data Protection Regulation, article 15).
"""

from dataclasses import replace

from services.concepts.citizen import Citizen, find_citizen
from services.concepts.ssin import Ssin
from services.identification.errors import CitizenUnknown
from services.identification.model.citizens import DatumPosition, Held, HeldVersion


def citizen_of(citizen: Citizen, authority: str | None) -> Ssin:
    """Whose certificate it is; CitizenUnknown if it is not of the authority, or of no person."""
    found = find_citizen(citizen, authority)
    if found is None:
        raise CitizenUnknown
    return found


def position(one: HeldVersion) -> DatumPosition:
    """Where a datum stands."""
    given, begin = one.version.given, one.version.given.valid_from
    first = 0 if begin is None else begin.year * 10_000 + begin.month * 100 + begin.day
    return one.person.number, given.group.value, first, one.version.known_from.isoformat()


def page(held: Held, after: DatumPosition | None, most: int) -> tuple[Held, DatumPosition | None]:
    """A page of what is kept, and after which datum the next page begins; numbers and cards stand
    on the first."""
    every = sorted(held.versions, key=position)
    rest = [one for one in every if after is None or position(one) > after]
    shown = rest[:most]
    if after is not None:
        held = Held((), (), ())
    return replace(held, versions=shown), position(shown[-1]) if len(rest) > most else None
