"""The organizations that were admitted, in PostgreSQL: only read here."""

from collections.abc import Mapping, Sequence

import asyncpg

from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying, statements

SQL = statements("services.audit")


class PostgresOrganizations:
    """Knows the keys of organizations' programs and officers."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def keys_of(self, organization: EnterpriseNumber) -> frozenset[str]:
        """The keys of an organization's programs; none if it was not admitted."""
        keys = await retrying(
            lambda: self._pool.fetchval(SQL.find_organization_keys, organization.digits)
        )
        return frozenset(keys or ())

    async def officers_of(self, organization: EnterpriseNumber) -> frozenset[str]:
        """The keys of an organization's officers; none if it named none."""
        keys = await retrying(
            lambda: self._pool.fetchval(SQL.find_organization_officers, organization.digits)
        )
        return frozenset(keys or ())

    async def web_names_of(self, organization: EnterpriseNumber) -> frozenset[str]:
        """The names under which an organization is on the web, as it registered them."""
        names = await retrying(
            lambda: self._pool.fetchval(SQL.find_organization_web_names, organization.digits)
        )
        return frozenset(names or ())

    async def names_of(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """The names of organizations, by their numbers, of those that were admitted."""
        rows = await retrying(lambda: self._pool.fetch(SQL.list_organization_names, list(numbers)))
        return {row["cbe_number"]: row["name"] for row in rows}
