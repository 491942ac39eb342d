"""What a citizen is told of what the registers keep about him, and in which order.

Of what is known nothing is left out: that an address must not be disclosed (information type 252)
protects the person from others, not from himself (General Data Protection Regulation, article 15).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.concepts.delays import Delay, delay
from services.identification.model.citizens import (
    DatumPosition,
    Held,
    HeldNumber,
    HeldVersion,
)


def position(one: HeldVersion) -> DatumPosition:
    """Where a datum stands."""
    given, begin = one.version.given, one.version.given.valid_from
    first = 0 if begin is None else begin.year * 10_000 + begin.month * 100 + begin.day
    return one.person.number, given.group.value, first, one.version.known_from.isoformat()


def hide_delayed(held: Held, delays: Sequence[Delay], now: datetime) -> Held:
    """What of all that is kept is told now: who had a number made, and when, not before the law
    wants it shown, for an inquiry would be spoiled by that."""
    return replace(held, numbers=[_shown(one, delays, now) for one in held.numbers])


def _shown(one: HeldNumber, delays: Sequence[Delay], now: datetime) -> HeldNumber:
    made = one.created_at
    if made is None or now >= made + delay(one.legal_context, made.date(), delays):
        return one
    return replace(one, created_by=None, created_at=None)


def page(held: Held, after: DatumPosition | None, most: int) -> tuple[Held, DatumPosition | None]:
    """A page of what is kept, and after which datum the next page begins; numbers and cards stand
    on the first."""
    every = sorted(held.versions, key=position)
    rest = [one for one in every if after is None or position(one) > after]
    told = rest[:most]
    if after is not None:
        held = Held((), (), ())
    return replace(held, versions=told), position(told[-1]) if len(rest) > most else None
