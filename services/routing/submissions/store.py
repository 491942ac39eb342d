"""What was sent to whom and what was answered, in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin
from services.kit.postgres import retrying, statements
from services.routing.submissions.model import Answer, Disposition, Submitted

SQL = statements("services.routing")


@dataclass(frozen=True)
class PostgresSubmissions:
    """Keeps answers, as the service; messages are added with their notices."""

    pool: asyncpg.Pool

    async def find_submitted(
        self, addressee: EnterpriseNumber, notice_id: UUID
    ) -> Submitted | None:
        """A message as it went to an addressee."""
        row = await retrying(
            lambda: self.pool.fetchrow(SQL.find_submitted, addressee.number, notice_id)
        )
        return None if row is None else _submitted(row)

    async def submitted(self, source: EnterpriseNumber, reference: str) -> list[Submitted]:
        """A message to all its addressees, by their numbers."""
        rows = await retrying(lambda: self.pool.fetch(SQL.list_submitted, source.number, reference))
        return [_submitted(row) for row in rows]

    async def answer(
        self, addressee: EnterpriseNumber, notice_id: UUID, answer: Answer, now: datetime
    ) -> bool:
        """Keep an answer and acknowledge the notice; whether it was the first and in time."""
        said = answer.disposition.value, answer.file_reference
        done = await retrying(
            lambda: self.pool.fetchval(
                SQL.answer_submission, addressee.number, notice_id, *said, now
            )
        )
        return bool(done)


def _submitted(row: asyncpg.Record) -> Submitted:
    answered = row["disposition"]
    return Submitted(
        source=EnterpriseNumber(row["source"]),
        reference=row["reference"],
        addressee=EnterpriseNumber(row["subscriber"]),
        notice_id=row["notice_id"],
        reply_by=row["reply_by"],
        person=Ssin(row["ssin"]),
        contract=ContractName(row["contract_code"], row["contract_version"]),
        answer=None if answered is None else Answer(Disposition(answered), row["file_reference"]),
        answered_at=row["answered_at"],
    )
