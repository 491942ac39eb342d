"""All that is kept of one person, in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from services.concepts.card_number import CardNumber
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin
from services.identification.model.citizens import Held, HeldCard, HeldNumber, HeldVersion
from services.identification.store.histories import first_versions, version
from services.identification.store.numbers import SQL, person
from services.identification.store.registers import identity
from services.kit.postgres import retrying

MOST = 64
"""How many numbers and cards are followed: nobody has a dozen, and a mistake must not lead to what
is kept of everybody."""


@dataclass(frozen=True)
class PostgresHoldings:
    """Reads, as the service."""

    pool: asyncpg.Pool

    async def held(self, ssin: Ssin) -> Held:
        """What is kept of a person under any number that he has or had."""
        rows = await self._fetch(SQL.list_linked_numbers, ssin.number, MOST)
        numbers = [row["ssin"] for row in rows]
        versions = [
            HeldVersion(Ssin(row["ssin"]), version(row))
            for row in await self._fetch(SQL.list_all_data, numbers)
        ]
        detailed = {one.person for one in versions}
        for row in await self._fetch(SQL.list_known_identities, numbers):
            bearer = identity(row)
            if bearer.ssin not in detailed:
                # Of this person only what he is searched by is kept.
                founded = first_versions(bearer, row["known_from"])
                versions += [HeldVersion(bearer.ssin, one) for one in founded]
        cards = await self._fetch(SQL.list_all_cards, numbers, MOST)
        return Held(
            [_number(row) for row in rows],
            [HeldCard(CardNumber(row["card_number"]), row["valid_until"]) for row in cards],
            versions,
        )

    async def _fetch(self, statement: str, *arguments: object) -> Sequence[asyncpg.Record]:
        rows: Sequence[asyncpg.Record] = await retrying(
            lambda: self.pool.fetch(statement, *arguments)
        )
        return rows


def _number(row: asyncpg.Record) -> HeldNumber:
    creator = row["customer_cbe_number"]
    if creator is None:
        return HeldNumber(person(row), None, None)
    made = row["created_at"], row["legal_context"]
    return HeldNumber(person(row), EnterpriseNumber(creator), *made)
