"""The log in its database, where no folder is shared: the same as in files, and as hard to bend."""

import asyncio
from dataclasses import replace
from itertools import count

import pytest

from services.audit.errors import SequencerFenced
from services.audit.log.notes import CHECKPOINT, PLACES
from services.audit.log.sequencer.growth import Growth
from services.audit.log.sequencer.publication import Publication
from services.audit.log.signed_log import SignedLog
from services.audit.log.store.objects import PostgresStorage, storage_of
from services.audit.log.verification.findings import Flaw
from services.audit.log.verification.signatures import Signatures
from services.audit.log.verification.whole import Store, verify_store
from services.kit.tlog.hashes import EMPTY_ROOT, leaf_hash
from services.kit.tlog.proofs import verify_inclusion
from services.kit.tlog.storage import FolderStorage, Outrun
from services.kit.tlog.tiles import tile_path
from tests.services.audit.cosigning import NearWitness


@pytest.fixture(params=["folder", "postgres"])
async def storage(request, tmp_path):
    if request.param == "folder":
        yield FolderStorage(tmp_path)
        return
    database = await request.getfixturevalue("postgres").migrated("audit")
    made = PostgresStorage(database.dsn)
    yield made
    made.close()


@pytest.fixture
async def shown(running):
    """A log that keeps its tiles and its notes in its database."""
    running.keep_in(storage_of(None, running.database.dsn))
    yield running
    running.storage.close()


async def proved(running, **signatures):
    store = Store(
        dsn=running.database.owner_dsn,
        signatures=Signatures(running.storage, running.signer.verifier, **signatures),
        patience=0,
    )
    return await asyncio.to_thread(verify_store, store, 1, lambda done, of: None)


async def bend(running, statement, *given):
    assert await running.owner.execute(statement, *given) != "UPDATE 0"


class TestBoth:
    async def test_what_was_written_is_read(self, storage):
        storage.write({"tile/0/000.p/7": b"seven", "tile/0/x001/000": b"\0full", "places": b""})

        assert storage.read("tile/0/000.p/7") == b"seven"
        assert storage.read("tile/0/x001/000") == b"\0full"
        assert storage.read("places") == b""
        assert storage.read("tile/0") is None
        assert storage.read("tile/0/000") is None

    async def test_what_is_written_again_takes_the_place_of_what_was(self, storage):
        storage.write({"tile/0/000": b"one"})
        storage.write({"tile/0/000": b"two", "tile/0/001": b"more"})

        assert storage.read("tile/0/000") == b"two"

    async def test_names_are_those_of_one_folder(self, storage):
        names = ("tile/0/000.p/7", "tile/0/000.p/12", "tile/0/000", "tile/0/001.p/9", "tile/0/000a")
        storage.write(dict.fromkeys(names, b"x"))

        assert sorted(storage.names("tile/0/000.p")) == ["12", "7"]
        assert list(storage.names("tile/9")) == []

    async def test_a_folder_goes_with_all_that_is_in_it_and_with_nothing_else(self, storage):
        names = (
            "tile/0/000.p/7",
            "tile/0/000.p/12",
            "tile/0/000",
            "tile/0/000.q",
            "tile/0/001.p/9",
        )
        storage.write(dict.fromkeys(names, b"x"))

        storage.remove(["tile/0/000.p", "tile/0/002.p"])
        storage.remove([])

        assert [name for name in names if storage.read(name)] == list(names[2:])

    async def test_only_what_was_read_is_replaced(self, storage):
        storage.replace("checkpoint", None, b"one")
        for stale in (None, b"two"):
            with pytest.raises(Outrun):
                storage.replace("checkpoint", stale, b"three")
        storage.replace("checkpoint", b"one", b"two")
        storage.replace("checkpoint", b"two", b"two")

        assert storage.read("checkpoint") == b"two"


async def test_the_log_grows_is_proved_and_proves(shown):
    await shown.record(300)
    await shown.grow()
    await shown.record(300)
    growth = await shown.grow()

    log = SignedLog(shown.storage, shown.signer.verifier)
    signed = await log.signed()
    leaves = await shown.leaves()

    assert (await proved(shown)).findings == []
    assert (signed.size, signed.root) == (600, growth.at.root)
    verify_inclusion(leaf_hash(leaves[299]), 299, 600, await log.inclusion(299, 600), signed.root)
    # The narrower form of what is full is gone, and nothing stands in files.
    assert not shown.storage.names("tile/0/000.p")
    assert list(shown.folder.iterdir()) == []


async def test_a_tile_that_was_bent_in_the_database_is_found(shown):
    await shown.record(300)
    await shown.grow()

    await bend(
        shown,
        "update log_object set content = overlay(content placing '\\x00' from 40) where name = $1",
        tile_path(0, 0),
    )

    assert [one.flaw for one in (await proved(shown)).findings] == [Flaw.TILE]


async def test_notes_put_back_with_their_tiles_are_found_by_the_witness(shown, tmp_path):
    witness = NearWitness(shown.tiles, shown.signer.verifier, tmp_path / "witness")
    await shown.record(100)
    await shown.grow(witness)
    await shown.owner.execute("create table kept as select * from log_object")
    await shown.record(100)
    await shown.grow(witness)

    await shown.owner.execute("delete from log_object")
    await shown.owner.execute("insert into log_object select * from kept")
    await shown.owner.execute("drop table kept")
    found = await proved(shown, witness=str(witness.path))

    assert Flaw.PUT_BACK in [one.flaw for one in found.findings]


async def test_a_checkpoint_of_somebody_else_is_no_checkpoint(shown):
    await shown.record(10)
    await shown.grow()

    await bend(shown, "update log_object set content = '\\xff' where name = $1", CHECKPOINT)

    assert [one.flaw for one in (await proved(shown)).findings] == [Flaw.UNSIGNED]


async def test_one_that_lost_its_turn_never_shows_less_than_was_shown(shown):
    """Its last step may come late: what is signed and shown by then is more."""
    late = Publication(shown.storage, shown.signer)
    await shown.record(10)
    await shown.grow()
    before = shown.storage.read(CHECKPOINT), shown.storage.read(PLACES)

    with pytest.raises(SequencerFenced):
        await late.publish(4, EMPTY_ROOT, b"\0" * 32)

    assert (shown.storage.read(CHECKPOINT), shown.storage.read(PLACES)) == before


async def test_of_two_that_show_at_once_one_is_told_that_it_lost(shown):
    """Both read what was shown before either writes."""

    class Slow(PostgresStorage):
        def read(self, name):
            held = super().read(name)
            if name == PLACES:
                other.write({PLACES: next(others)})
            return held

    other = shown.storage
    others = (b"of another %d" % n for n in count())
    await shown.record(10)
    async with shown.claimed() as log:
        publication = replace(shown.publication, storage=Slow(shown.database.dsn))
        growth = Growth(log, shown.tiles, publication)
        await growth.open()
        with pytest.raises(SequencerFenced):
            await growth.step()
