"""Registering data contracts, as the service."""

from dataclasses import dataclass

import asyncpg

from services.directory.errors import ContractExists
from services.directory.model import DataContract
from services.directory.store.reading import SQL
from services.directory.store.writing import contract_row, supplier_rows
from services.kit.postgres import retrying


@dataclass(frozen=True)
class PostgresContracts:
    """Puts down data contracts in PostgreSQL."""

    pool: asyncpg.Pool

    async def add_contract(self, contract: DataContract) -> None:
        """Keep a contract; ContractExists if its name is taken."""

        async def once() -> None:
            async with self.pool.acquire() as connection, connection.transaction():
                await connection.execute(SQL.put_contract, *contract_row(contract))
                await connection.executemany(SQL.put_supplier, supplier_rows(contract))

        try:
            await retrying(once)
        except asyncpg.UniqueViolationError as taken:
            raise ContractExists() from taken
