"""Proving what the log says."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.audit.errors import RecordNotMerged, RecordUnknown
from services.audit.log.ports import Log
from services.audit.trail.model import Inclusion, Question, Signed
from services.audit.trail.usecases.ports import Places
from services.audit.trail.usecases.trail import Trail
from services.concepts.failures import invalid


@dataclass(frozen=True)
class Proofs:
    """Proves that records are in the log, and that it only grew."""

    trail: Trail
    places: Places
    log: Log

    async def get_checkpoint(self) -> Signed:
        """What the log vouches for now."""
        return await self.log.signed()

    async def prove_inclusion(self, question: Question) -> Inclusion:
        """The proof that a record is in the log; that it was read is durable before."""
        await self.trail.record([question.reading])
        return await self.proof_of(question.record_id)

    async def proof_of(self, record_id: UUID) -> Inclusion:
        """The proof that a record is in the log, for who has been told of it already."""
        found = await self.places.leaf(record_id)
        if found is None:
            raise RecordUnknown
        sequence, leaf = found
        index = (await self.places.indexes([sequence])).get(sequence)
        signed = await self.log.signed()
        if index is None or index >= signed.size:
            raise RecordNotMerged
        hashes = await self.log.inclusion(index, signed.size)
        return Inclusion(index, leaf, hashes, signed)

    async def prove_consistency(self, old: int, new: int) -> Sequence[bytes]:
        """The proof that the log of one size begins with that of another."""
        signed = await self.log.signed()
        if not old <= new <= signed.size:
            raise invalid("new_size", f"must be from old_size to {signed.size}")
        return await self.log.consistency(old, new)
