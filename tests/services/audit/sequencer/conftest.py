"""A trail in PostgreSQL, and what makes its log grow."""

import asyncpg
import pytest

from services.audit.leaves import leaf
from services.audit.model import Kept
from services.audit.months import Months
from services.audit.sequencer.growth import Growth
from services.audit.sequencer.publication import Publication
from services.audit.store.log import PostgresLog
from services.audit.store.months import PostgresMonths
from services.audit.store.records import PostgresRecords
from services.audit.store.replacements import PostgresReplacements
from services.audit.usecases import Trail
from services.kit.clock import utc_now
from services.kit.postgres import pool
from services.kit.tlog.hashes import leaf_hash, root_of
from services.kit.tlog.notes import SIGNATURE, Signer, private_key_text
from services.kit.tlog.proofs import consistency, verify_consistency
from services.kit.tlog.tiles import TileFiles
from tests.services.audit.fakes import entry

ORIGIN = "audit.test/trail"
SEED = b"l" * 32


class Running:
    """A trail with its log; `grown` makes the log grow, as one sequencer would."""

    def __init__(self, trail, database, folder, owner):
        self.trail = trail
        self.database = database
        self.folder = folder
        self.owner = owner
        self.tiles = TileFiles(folder)
        self.signer = Signer.of(ORIGIN, SIGNATURE, SEED)
        self.publication = Publication(folder, self.signer)
        self.key_text = private_key_text(ORIGIN, SIGNATURE, SEED)
        self._signed = []

    async def record(self, count, **others):
        await self.trail.record([entry(bytes([n % 256]), **others) for n in range(count)])

    def claimed(self):
        return PostgresLog.claimed(self.database.dsn)

    async def grow(self, cosigner=None):
        """All that is there, signed; the growth."""
        publication = Publication(self.folder, self.signer, cosigner)
        async with self.claimed() as log:
            growth = Growth(log, TileFiles(self.folder), publication)
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
            proof = consistency(older.size, signed.size, TileFiles(self.folder).subtree)
            verify_consistency(older.size, signed.size, proof, older.root, signed.root)
        self._signed.append(signed)


@pytest.fixture
async def running(database, subject_keys, tmp_path):
    keys = subject_keys(1, current=1)
    folder = tmp_path / "log"
    folder.mkdir()
    owner = await asyncpg.connect(database.owner_dsn)
    async with pool(database.dsn, name="audit") as opened, PostgresRecords(opened) as records:
        months = Months(PostgresMonths(opened), keys, utc_now)
        trail = Trail(records, PostgresReplacements(opened), months, keys)
        yield Running(trail, database, folder, owner)
    await owner.close()
