"""A trail in PostgreSQL, and what makes its log grow."""

from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.audit.log.sequencer.growth import Growth
from services.audit.log.sequencer.publication import Publication
from services.audit.log.store.log import PostgresLog
from services.audit.trail.model import Kept
from services.audit.trail.store.leaves import leaf
from services.audit.trail.wire import records
from services.kit.ids import uuid7
from services.kit.tlog.hashes import leaf_hash, root_of
from services.kit.tlog.notes import SIGNATURE, Signer, private_key_text
from services.kit.tlog.proofs import consistency, verify_consistency
from services.kit.tlog.storage import FolderStorage
from services.kit.tlog.tiles import Tiles
from tests.services.audit.fakes import PERSON

ORIGIN = "audit.test/trail"
SEED = b"l" * 32


def real_entry(number=0, **others):
    """A record as one comes over the wire."""
    record = record_pb.ExchangeRecord(
        record_id=str(uuid7()),
        ticket_cbss=str(uuid7()),
        stage=record_pb.EXCHANGE_STAGE_INTENT,
        verdict=record_pb.VERDICT_PERMIT,
        customer_cbe_number="0899990348",
        legal_context=f"TEST:{number % 7}",
        subject_ssin=PERSON.digits,
    )
    record.occurred_at.FromNanoseconds(1_790_000_000_000_000_000 + number)
    for number in others.pop("sources", ()):
        record.sources.add(supplier_cbe_number=number)
    for name, value in others.items():
        setattr(record, name, value)
    return records.decode_entry(record)


class Running:
    """A trail with its log; `grown` makes the log grow, as one sequencer would."""

    def __init__(self, trail, database, folder, owner):
        self.trail = trail
        self.database = database
        self.folder = folder
        self.owner = owner
        self.signer = Signer.of(ORIGIN, SIGNATURE, SEED)
        self.key_text = private_key_text(ORIGIN, SIGNATURE, SEED)
        self._signed = []
        self.keep_in(FolderStorage(folder))

    def keep_in(self, storage):
        self.storage = storage
        self.tiles = Tiles(storage)
        self.publication = Publication(storage, self.signer)

    async def record(self, count, **others):
        await self.trail.record([real_entry(n, **others) for n in range(count)])

    def claimed(self):
        return PostgresLog.claimed(self.database.dsn)

    async def grow(self, cosigner=None):
        """All that is there, signed; the growth."""
        publication = Publication(self.storage, self.signer, cosigner)
        async with self.claimed() as log:
            growth = Growth(log, Tiles(self.storage), publication)
            await growth.open()
            await growth.step()
            return growth

    async def leaves(self):
        """The leaves in the order of recording, made from the rows without any of the copying."""
        rows = await self.owner.fetch(
            "select sequence, record_id, ticket, r.content, subject_key, g.content as ground"
            " from record r join ground g using (ground_id) order by sequence"
        )
        return [leaf(Kept(*(row[n] for n in (0, 1, 2, 3, 5))), row["subject_key"]) for row in rows]

    async def check(self):
        """The signed log is the records, all of them, and grew from what was signed before."""
        signed = self.publication.published()
        hashes = [leaf_hash(one) for one in await self.leaves()]
        assert (signed.size, signed.root) == (len(hashes), root_of(hashes))
        self.check_growth(signed)

    def check_growth(self, signed):
        """Every checkpoint seen so far is the beginning of this one."""
        for older in self._signed:
            proof = consistency(older.size, signed.size, Tiles(self.storage).subtree)
            verify_consistency(older.size, signed.size, proof, older.root, signed.root)
        self._signed.append(signed)
