"""Units under the numbers that they have today (law 9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.coding.model import Unit
from services.coding.usecases.ports import Numbers
from services.concepts.resolved_ssin import SsinState
from services.concepts.ssin import Ssin


@dataclass(frozen=True)
class Today:
    """Asks what became of numbers."""

    numbers: Numbers

    async def units(self, units: Sequence[Unit]) -> list[Unit | None]:
        """The units, in order; nothing for those that nobody is."""
        asked = {one for unit in units for one in (unit.number, unit.household)}
        persons = sorted(one for one in asked if isinstance(one, Ssin))
        found = await self.numbers.resolve(persons) if persons else ()
        now: dict[Ssin, Ssin] = {}
        for person, resolved in zip(persons, found, strict=True):
            if resolved.state in (SsinState.ACTIVE, SsinState.REPLACED):
                now[person] = resolved.replaced_by or person
        return [_renamed(unit, now) for unit in units]


def _renamed(unit: Unit, now: dict[Ssin, Ssin]) -> Unit | None:
    number = now.get(unit.number) if isinstance(unit.number, Ssin) else unit.number
    if number is None or (unit.household is not None and unit.household not in now):
        return None
    return Unit(number, None if unit.household is None else now[unit.household])
