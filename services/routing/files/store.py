"""Files and their sequences in PostgreSQL: numbers and states, nothing of what is in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.kit.postgres import retrying, statements
from services.routing.batches.model import Batch, FileKey
from services.routing.batches.store import rows
from services.routing.batches.store.intake import validate
from services.routing.errors import FileRaced
from services.routing.files import rules
from services.routing.files.model import BatchFile, FileState, Flaw, Gap, Rejection, Voucher

SQL = statements("services.routing")


@dataclass(frozen=True)
class PostgresFiles:
    """Keeps files, as the service."""

    pool: asyncpg.Pool

    async def announce(
        self, key: FileKey, voucher: Voucher, digest: bytes, now: datetime, term: timedelta
    ) -> tuple[BatchFile | Gap | None, bool]:
        """The file of a number, and whether it was announced just now; what is missing before it;
        or nothing if its number is over and no longer kept."""

        async def once() -> tuple[BatchFile | Gap | None, bool]:
            async with self.pool.acquire() as connection, connection.transaction():
                expected = await connection.fetchval(SQL.lock_sequence, *_named(key)[:3])
                before = await connection.fetchrow(SQL.find_batch_file, *_named(key))
                if before is None and key.number == expected:
                    await connection.execute(
                        SQL.announce_file, *_named(key), voucher.file_name, digest, now, now + term
                    )
                    file = BatchFile(
                        key=key,
                        file_name=voucher.file_name,
                        state=FileState.ANNOUNCED,
                        announced_at=now,
                        expires_at=now + term,
                        digest=digest,
                    )
                    return file, True
                if before is None and key.number > expected:
                    await connection.execute(SQL.note_gap, *_named(key), now)
                    return Gap(expected), False
                return None if before is None else _file(key, before), False

        return await retrying(once)

    async def find(self, key: FileKey) -> BatchFile | None:
        """A file."""
        row = await retrying(lambda: self.pool.fetchrow(SQL.find_batch_file, *_named(key)))
        return None if row is None else _file(key, row)

    async def receive(self, key: FileKey) -> None:
        """Note that the file is whole."""
        await retrying(lambda: self.pool.execute(SQL.note_file_received, *_named(key)))

    async def validate(self, key: FileKey, batch_id: UUID, now: datetime) -> bool:
        """Let the file be that of a batch that was taken; not if it was settled before."""

        async def once() -> bool:
            async with self.pool.acquire() as connection, connection.transaction():
                try:
                    await validate(connection, key, batch_id, now)
                except FileRaced:
                    return False
                return True

        return await retrying(once)

    async def reject(self, key: FileKey, flaw: Flaw, now: datetime) -> bool:
        """Let the file be rejected and the next be expected; not if it was settled before."""

        async def once() -> bool:
            async with self.pool.acquire() as connection, connection.transaction():
                told = flaw.rejection.value, flaw.field, flaw.code
                done = await connection.execute(SQL.reject_file, *_named(key), *told, now)
                if rows.count(done):
                    await connection.execute(SQL.follow_sequence, *_named(key))
                return bool(rows.count(done))

        return await retrying(once)

    async def result_number(self, batch: Batch) -> int:
        """The number of a batch's file of results, given to it when it has none."""

        async def once() -> int:
            async with self.pool.acquire() as connection, connection.transaction():
                # One after the other, so that a number that is given is used.
                await connection.execute(SQL.lock_counts, batch.batch_id)
                number = await connection.fetchval(SQL.find_result_file, batch.batch_id)
                if number is None:
                    contract = batch.contract
                    number = await connection.fetchval(
                        SQL.take_result_number,
                        batch.customer.number,
                        contract.code,
                        contract.version,
                    )
                    await connection.execute(SQL.add_result_file, batch.batch_id, number)
                return int(number)

        return await retrying(once)

    async def not_come(self, now: datetime, most: int) -> Sequence[FileKey]:
        """Files that did not come in their term."""
        found = await retrying(lambda: self.pool.fetch(SQL.list_files_not_come, now, most))
        return [
            FileKey(
                EnterpriseNumber(row["sender"]),
                ContractName(row["contract_code"], row["contract_version"]),
                row["number"],
            )
            for row in found
        ]

    async def halted(self) -> int:
        """How many sequences wait for a file that was passed over."""
        return int(await retrying(lambda: self.pool.fetchval(SQL.count_halted_sequences)))

    async def purge(self, settled_before: datetime, most: int) -> int:
        """Forget files that were settled long ago; their numbers stay used."""
        return rows.count(
            await retrying(lambda: self.pool.execute(SQL.purge_files, settled_before, most))
        )


def _named(key: FileKey) -> tuple[int, str, int, int]:
    return key.sender.number, key.contract.code, key.contract.version, key.number


def _file(key: FileKey, row: asyncpg.Record) -> BatchFile:
    batch = None
    if row["batch_id"] is not None:
        of_batch = dict(row) | {"state": row["batch_state"], "digest": row["batch_digest"]}
        batch = rows.batch(of_batch)
    kept = FileState(row["state"])
    rejected = kept is FileState.REJECTED
    return BatchFile(
        key=key,
        file_name=row["file_name"],
        state=rules.state_of(kept, is_batch_final=batch is None or batch.state.is_final),
        announced_at=row["announced_at"],
        expires_at=row["expires_at"],
        digest=row["digest"],
        flaw=Flaw(Rejection(row["rejection"]), row["field"], row["status_code"])
        if rejected
        else None,
        batch=batch,
    )
