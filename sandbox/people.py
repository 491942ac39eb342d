"""A synthetic population: names and birth dates as they are distributed, mock numbers.

Nobody real is in it. The same seed gives the same people. Surnames follow a head of common names
and a tail like Zipf's; first names follow the year of birth; days of birth rise and fall with the
century and a few are incomplete, as in the registers.
"""

import calendar
import csv
import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from cli.words import say
from services.concepts import written
from services.concepts.dated import load
from services.concepts.ssin import check_digits

FIRST_YEAR, LAST_YEAR = 1915, 2025
HEADING = ("ssin", "last_name", "first_names", "birth_date", "sex", "register")
FULL = 20_650_000
"""How many persons the country's directory knows."""
TAIL = 150_000
"""Surnames beside the common ones, for a full country."""
MOCK_MONTH = 60
_BATCH = 4096


@dataclass(frozen=True, slots=True)
class Weighted:
    """Texts with how often each is drawn."""

    texts: tuple[str, ...]
    cumulated: tuple[float, ...]

    def draw(self, chance: random.Random, many: int) -> list[str]:
        """So many of them."""
        return chance.choices(self.texts, cum_weights=self.cumulated, k=many)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    ssin: str
    last_name: str
    first_names: tuple[str, ...]
    birth: tuple[int, int, int]
    sex: int
    language: str

    @property
    def row(self) -> tuple[str, ...]:
        """As the load job reads it."""
        year, month, day = self.birth
        born = f"{year:04d}-{month:02d}-{day:02d}"
        names = "|".join(self.first_names)
        return self.ssin, self.last_name, names, born, str(self.sex), "BIS"


class _Names(written.Part):
    surnames: dict[str, str]
    first_names: dict[str, dict[str, dict[int, str]]]
    shares: dict[str, float]
    tails: dict[str, Any]


@cache
def _held() -> _Names:
    return load("sandbox", "data/names.yaml", _Names)


def _weights(text: str) -> dict[str, float]:
    pairs = (part.strip().rpartition(" ") for part in text.split(","))
    return {name: float(weight) for name, _, weight in pairs}


def weigh(weights: Mapping[str, float]) -> Weighted:
    """Texts by their weights."""
    return Weighted(tuple(weights), tuple(itertools.accumulate(weights.values())))


def surnames(language: str, tail: int) -> Weighted:
    """The common surnames of a language and its share of the tail."""
    common = _weights(_held().surnames[language])
    share = _held().shares[language] / 100
    rest = max(share * 1_000_000 - sum(common.values()), 1.0)
    made = [name for name in _tail(language, round(tail * share)) if name not in common]
    # Zipf with a flat beginning: the tail begins below the head.
    falling = [1 / (rank + 60) ** 0.85 for rank in range(len(made))]
    scale = rest / sum(falling)
    return weigh(common | {n: w * scale for n, w in zip(made, falling, strict=True)})


def _tail(language: str, many: int) -> list[str]:
    parts = _held().tails[language]
    chance = random.Random(f"tail {language}")  # noqa: S311 - names of nobody
    made: dict[str, None] = {}
    for _ in range(many * 3):
        head = chance.choice(parts["heads"])
        stem = "".join(chance.choices(parts["stems"], k=chance.choice((1, 1, 2))))
        name = f"{head}{stem.capitalize()}{chance.choice(parts['ends'])}"
        made[name if head.endswith((" ", "-")) or not head else name.capitalize()] = None
        if chance.random() < 0.02:
            other = chance.choice(parts["stems"]) + chance.choice(parts["ends"])
            made[f"{name}-{other.capitalize()}"] = None
        if len(made) >= many:
            break
    return list(made)


@cache
def first_names(language: str, sex: int, year: int) -> Weighted:
    """The first names usual for a year of birth."""
    by_year = _held().first_names[language]["male" if sex == 1 else "female"]
    latest = next((until for until in sorted(by_year) if year <= until), max(by_year))
    return weigh(_weights(by_year[latest]))


def common_surnames(many: int) -> list[str]:
    """The commonest surnames of the country."""
    shares: dict[str, float] = {}
    for text in _held().surnames.values():
        shares |= _weights(text)
    return sorted(shares, key=lambda name: -shares[name])[:many]


def _births(year: int) -> float:
    """How many of the persons that are known were born in a year, in proportion: the deceased of
    long ago are fewer, the two waves after the wars and the newcomers show."""
    rising = min(1.0, 0.35 + (year - FIRST_YEAR) / 45)
    wave = 0.25 if 1946 <= year <= 1970 else 0.12 if 1985 <= year <= 2010 else 0.0
    return rising * (1 + wave)


def people(persons: int, seed: int = 1) -> Iterator[Person]:
    """So many persons, by date of birth."""
    chance = random.Random(seed)  # noqa: S311 - people of nobody
    shares = _held().shares
    tail = max(2_000, round(TAIL * min(1.0, persons / FULL) ** 0.5))
    lasts = {language: surnames(language, tail) for language in shares}
    languages = weigh({language: float(share) for language, share in shares.items()})
    for day, many in _days(persons, chance):
        yield from _born(day, many, chance, languages, lasts)


def _days(persons: int, chance: random.Random) -> Iterator[tuple[tuple[int, int, int], int]]:
    """Each day of birth with how many were born on it; incomplete ones among them."""
    total = sum(map(_births, range(FIRST_YEAR, LAST_YEAR + 1)))
    carried = 0.0
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        born = persons * _births(year) / total
        shares = {(year, 0, 0): 0.002, (year, 1, 1): 0.001}
        days = 366 if calendar.isleap(year) else 365
        for month in range(1, 13):
            shares[year, month, 0] = 0.001 / 12
            season = 1 + 0.05 * (6 <= month <= 9) - 0.05 * (month >= 11)
            for day in range(1, calendar.monthrange(year, month)[1] + 1):
                share = 0.996 / days * season * (0.85 + 0.3 * chance.random())
                shares[year, month, day] = shares.get((year, month, day), 0.0) + share
        scale = born / sum(shares.values())
        for birth, share in shares.items():
            carried += share * scale
            many = int(carried)
            carried -= many
            if birth == (LAST_YEAR, 12, 31):
                many += round(carried)
            if many:
                yield birth, many


def _born(
    birth: tuple[int, int, int],
    many: int,
    chance: random.Random,
    languages: Weighted,
    lasts: Mapping[str, Weighted],
) -> Iterator[Person]:
    year = birth[0]
    counters = {1: 1, 2: 2}
    spoken = languages.draw(chance, many)
    by_language = {language: spoken.count(language) for language in lasts}
    names = {language: iter(lasts[language].draw(chance, n)) for language, n in by_language.items()}
    for language in spoken:
        sex = 1 if chance.random() < 0.495 else 2
        usual = first_names(language, sex, year)
        firsts = dict.fromkeys(usual.draw(chance, chance.choice((1, 1, 2, 2, 3))))
        nine = _nine(birth, sex, counters)
        if nine is None:
            sex = 3 - sex
            nine = _nine(birth, sex, counters)
        if nine is None:
            continue
        ssin = f"{nine:09d}{check_digits(nine, year // 100):02d}"
        yield Person(ssin, next(names[language]), tuple(firsts), birth, sex, language)


def _nine(birth: tuple[int, int, int], sex: int, counters: dict[int, int]) -> int | None:
    """The nine digits with the next counter; without a month the day field counts on."""
    year, month, day = birth
    counter = counters[sex]
    over, within = divmod(counter, 998)
    if (over and month) or over > 99:
        return None
    counters[sex] = counter + 2
    field = over if month == 0 else day
    return ((year % 100 * 100 + month + MOCK_MONTH) * 100 + field) * 1000 + (within or 998)


def write(path: Path, made: Iterator[Person], tell: Callable[[int], None]) -> int:
    """Write persons to a file that the load job reads; how many there are."""
    written = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(HEADING)
        while batch := list(itertools.islice(made, _BATCH)):
            lines.writerows(one.row for one in batch)
            written += len(batch)
            tell(written)
    return written


def write_people(
    out: Annotated[Path, typer.Option("--out", help="The file to write, CSV.")],
    persons: Annotated[int, typer.Option(min=1, max=FULL, help="How many.")] = 100_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
) -> None:
    """Write a synthetic population of mock numbers, for `services.identification.load.country`."""
    with Progress() as progress:
        shown = progress.add_task("persons", total=persons)
        written = write(out, people(persons, seed), lambda n: progress.update(shown, completed=n))
    say(f"{written} persons written to {out}")
