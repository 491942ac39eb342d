"""The institutions of a synthetic year: large and small, some that never close."""

import random
from dataclasses import dataclass

COUNT = 50
PERSONS = 300_000
_FIRST = 8_999_903


@dataclass(frozen=True)
class Institution:
    """An institution, and how it works."""

    number: str
    purpose: str
    officials: int
    tells_officials: bool
    never_closes: bool
    asked_a_day: float
    """By an official on an ordinary day."""
    registered_a_day: float
    clients: tuple[int, ...]
    estimate: int
    """The exchanges an hour that it announced."""
    has_short_files: bool
    """Whether it gives help that ends within days."""
    staff: tuple[int, ...]
    """Its officials, as the persons that they are."""

    def number_of(self, official: int) -> int | None:
        """The official as the trail knows him."""
        return self.staff[official] if self.tells_officials else None


def age_of(person: int) -> int:
    """The age of a person: of every one alike many."""
    return person * 7919 % 90


def is_dead(person: int) -> bool:
    """Whether a person has died: one in a hundred of those in the files."""
    return person % 97 == 0


def institutions(chance: random.Random) -> list[Institution]:
    """All of them."""
    return [_institution(n, chance) for n in range(COUNT)]


def _institution(n: int, chance: random.Random) -> Institution:
    base = _FIRST + n
    officials = min(30, max(1, round(chance.lognormvariate(1.5, 0.8))))
    asked = chance.uniform(4, 14)
    busiest_hour = officials * asked * 0.16 * 1.6
    return Institution(
        f"{base:08d}{97 - base % 97:02d}",
        f"PURPOSE:{n % 6}",
        officials,
        chance.random() < 0.7,
        n % 10 == 3,
        asked,
        chance.uniform(0.1, 0.8),
        tuple(chance.sample(range(PERSONS), 150 * officials)),
        max(8, round(busiest_hour * chance.uniform(1.0, 1.8))),
        n % 12 == 5,
        tuple(random.Random(f"staff {n}").sample(range(PERSONS), officials)),
    )
