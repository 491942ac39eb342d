"""Who bears which number, in PostgreSQL: found by sound, by address, by number."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.concepts.card_number import CardNumber
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin
from services.identification.model.persons import Identity, Proof, Register, Shown
from services.identification.model.searches import (
    AddressCriteria,
    Candidate,
    Likely,
    NameForm,
    Window,
)
from services.identification.store.numbers import SQL
from services.kit.postgres import retrying

MOST_FORMS = 1500
"""Names that are compared of those that share a key."""


@dataclass(frozen=True)
class PostgresRegisters:
    """Reads, as the service; on one connection when it is given one, as within a transaction."""

    pool: "asyncpg.Pool | PoolConnectionProxy[asyncpg.Record]"

    async def forms(self, keys: Collection[int]) -> list[NameForm]:
        """The names that share a key."""
        rows = await self._fetch(SQL.list_names_by_keys, list(keys), MOST_FORMS)
        return [NameForm(row["name_id"], row["folded"]) for row in rows]

    async def search_born(
        self, last: Likely, first: Likely | None, window: Window, sex: Sex | None, most: int
    ) -> list[Candidate]:
        """Who is called so and born then, the likeliest first."""
        if not last.scores:
            return []
        rows = await self._fetch(
            SQL.search_identities,
            *_columns(last),
            *_columns(first or Likely(())),
            window.first,
            window.last,
            list(window.incomplete),
            window.exact,
            0 if sex is None else sex.value,
            most,
            first is not None,
        )
        return [_candidate(row) for row in rows]

    async def residents(
        self, streets: Likely, asked: AddressCriteria, most: int
    ) -> list[Candidate]:
        """Who lives there, as far as that may be disclosed."""
        rows = await self._fetch(
            SQL.search_residents,
            *_columns(streets),
            asked.postal_code,
            int(asked.country_code or "150"),
            asked.house_number,
            asked.box,
            most,
        )
        return [_candidate(row) for row in rows]

    async def identities(self, ssins: Collection[Ssin]) -> Mapping[Ssin, Identity]:
        """Who bears these numbers; who is not known is absent."""
        rows = await self._fetch(SQL.list_identities, [ssin.number for ssin in ssins])
        return {Ssin(row["ssin"]): identity(row) for row in rows}

    async def list_shown(self, ssins: Collection[Ssin]) -> Mapping[Ssin, Shown]:
        """What proofs of these identities are compared with."""
        known = await self.identities(ssins)
        cards: dict[int, dict[CardNumber, date | None]] = {}
        for row in await self._fetch(SQL.list_cards, [ssin.number for ssin in ssins]):
            cards.setdefault(row["ssin"], {})[CardNumber(row["card_number"])] = row["valid_until"]
        return {ssin: Shown(known.get(ssin), cards.get(ssin.number, {})) for ssin in ssins}

    async def _fetch(self, statement: str, *arguments: object) -> Sequence[asyncpg.Record]:
        rows: Sequence[asyncpg.Record] = await retrying(
            lambda: self.pool.fetch(statement, *arguments)
        )
        return rows


def identity(row: asyncpg.Record) -> Identity:
    """Who bears a number, from the row that says so."""
    return Identity(
        Ssin(row["ssin"]),
        row["last_name"],
        tuple(row["first_names"]),
        day(row["birth_date"]),
        Sex(row["sex"]) if row["sex"] else None,
        Register(row["register"]),
        Proof(row["proof"]),
    )


def day(number: int) -> IncompleteDate:
    """The date that is kept as yyyymmdd."""
    return IncompleteDate(number // 10_000, number // 100 % 100, number % 100)


def number(day: IncompleteDate) -> int:
    """A date as it is kept: yyyymmdd."""
    return day.year * 10_000 + day.month * 100 + day.day


def _candidate(row: asyncpg.Record) -> Candidate:
    return Candidate(identity(row), min(100, round(100 * row["score"])))


def _columns(likely: Likely) -> tuple[list[int], list[float]]:
    return [name for name, _ in likely.scores], [alike for _, alike in likely.scores]
