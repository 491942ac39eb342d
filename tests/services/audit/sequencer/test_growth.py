"""The log grows by what was recorded, all of it, in order, and once."""

import asyncio
import itertools

import asyncpg
import pytest

from services.audit.errors import LogForked, LogRewound, SequencerFenced
from services.audit.log.sequencer.growth import Growth, spans
from services.audit.log.store.log import PostgresLog
from services.kit.tlog.notes import NoteInvalid
from services.kit.tlog.tiles import TileMissing, Tiles, tile_path
from tests.services.audit.fakes import entry


@pytest.mark.parametrize(
    ("sequences", "runs"),
    [
        ([], []),
        ([5], [(10, 5, 1)]),
        ([5, 6, 7], [(10, 5, 3)]),
        ([5, 7, 8, 20], [(10, 5, 1), (11, 7, 2), (13, 20, 1)]),
    ],
)
def test_places_in_the_tree_follow_the_order_of_recording(sequences, runs):
    found = spans(10, sequences)

    assert [(one.first_index, one.first_sequence, one.count) for one in found] == runs


async def test_what_was_recorded_is_in_the_signed_tree(running):
    for count in (1, 255, 300):
        await running.record(count)
        await running.grow()
        await running.check()


async def test_nothing_new_signs_nothing(running):
    await running.record(3)
    await running.grow()
    before = (running.folder / "checkpoint").stat().st_mtime_ns

    await running.grow()

    assert (running.folder / "checkpoint").stat().st_mtime_ns == before


async def test_places_that_nobody_took_leave_no_hole_in_the_tree(running):
    twice = [entry(b"a"), entry(b"b")]
    await running.trail.record(twice)
    await running.trail.record([*twice, entry(b"c")])
    await running.trail.record([entry(b"d")])

    await running.grow()

    await running.check()
    rows = await running.owner.fetch("select * from span order by first_index")
    assert sum(row["count"] for row in rows) == 4
    assert len(rows) > 1


async def test_a_record_that_is_not_committed_yet_is_waited_for(running):
    await running.record(1)
    month = (await running.trail.months.current()).month
    other = await asyncpg.connect(running.database.dsn)
    async with running.claimed() as log:
        growth = Growth(log, running.tiles, running.publication)
        await growth.open()
        transaction = other.transaction()
        await transaction.start()
        await other.execute(
            "select add_records($1, '{0}', '{1}', '{null}', $2::uuid[], $2::uuid[], '{x}')",
            month,
            [entry().record_id],
        )
        later = asyncio.create_task(running.record(1))
        step = asyncio.create_task(growth.step())
        await asyncio.sleep(0.2)
        assert not step.done()

        await transaction.commit()

        await step
        await later
        await growth.step()
    await other.close()
    await running.check()


class Crash(BaseException):
    """The process is no more."""


class Faulty:
    """Something whose calls are counted over all that share the fuse; one of them is the last.

    It dies before the call is made, or right after it was.
    """

    def __init__(self, real, fuse):
        self._real, self._fuse = real, fuse

    def __getattr__(self, name):
        real = getattr(self._real, name)
        if not callable(real):
            return real

        def counted(*arguments):
            self._fuse.burn()
            result = real(*arguments)
            if asyncio.iscoroutine(result):
                return self._finished(result)
            self._fuse.burn()
            return result

        return counted

    async def _finished(self, result):
        done = await result
        self._fuse.burn()
        return done


class Fuse:
    def __init__(self, length):
        self.left = length

    def burn(self):
        self.left -= 1
        if self.left == 0:
            raise Crash


async def crashing_growth(running, length):
    fuse = Fuse(length)
    async with PostgresLog.claimed(running.database.dsn) as log:
        parts = (log, Tiles(running.storage), running.publication)
        growth = Growth(*(Faulty(part, fuse) for part in parts))
        try:
            await growth.open()
            await growth.step()
        except Crash:
            return False
    return True


async def test_a_crash_at_any_step_costs_no_record_and_no_promise(running):
    await running.record(5)
    await running.grow()

    for length in itertools.count(1):
        await running.record(130)
        ended = await crashing_growth(running, length)
        signed = running.publication.published()
        running.check_growth(signed)
        await running.grow()
        await running.check()
        if ended:
            break

    # open and step make more calls than this: each was crashed before and after.
    assert length > 14


async def test_of_two_sequencers_one_waits(running):
    async with running.claimed() as first, running.claimed() as second:
        assert first is not None
        assert second is None


async def test_one_that_was_replaced_without_knowing_adds_nothing(running):
    await running.record(10)
    async with running.claimed() as old:
        growth = Growth(old, running.tiles, running.publication)
        await growth.open()
        # Its session is gone for the server, and another has taken over.
        await running.owner.execute("update log_state set epoch = epoch + 1")

        with pytest.raises(SequencerFenced):
            await growth.step()

    assert running.publication.published() is None
    await running.grow()
    await running.check()


async def test_two_that_start_at_once_make_one_log(running):
    async def sequencer():
        for _ in range(30):
            async with running.claimed() as log:
                if log is not None:
                    growth = Growth(log, Tiles(running.storage), running.publication)
                    await growth.open()
                    await growth.step()
            await asyncio.sleep(0.01)

    async def recorder():
        for _ in range(20):
            await running.record(20)
            await asyncio.sleep(0.01)

    await asyncio.gather(sequencer(), sequencer(), recorder())
    await running.grow()

    await running.check()


async def test_an_older_copy_of_the_store_is_not_signed_over(running):
    await running.record(10)
    await running.grow()
    before = await running.owner.fetchrow("select size, root, last_sequence from log_state")
    await running.record(10)
    await running.grow()

    await running.owner.execute(
        "update log_state set size = $1, root = $2, last_sequence = $3", *before
    )

    with pytest.raises(LogRewound):
        await running.grow()


async def test_another_store_of_the_same_size_is_not_signed_over(running):
    await running.record(10)
    await running.grow()
    await running.owner.execute("update log_state set root = $1", b"r" * 32)

    with pytest.raises(LogForked):
        await running.grow()


async def test_rewritten_tiles_are_not_signed_over(running):
    await running.record(300)
    await running.grow()
    path = running.folder / tile_path(0, 1, 44)
    path.write_bytes(b"t" * len(path.read_bytes()))

    with pytest.raises(LogForked):
        await running.grow()

    path.unlink()
    with pytest.raises(TileMissing):
        await running.grow()


async def test_a_checkpoint_that_the_log_did_not_sign_is_not_gone_on_from(running):
    await running.record(3)
    await running.grow()
    path = running.folder / "checkpoint"
    path.write_text(path.read_text().replace("\n3\n", "\n2\n"))

    with pytest.raises(NoteInvalid):
        await running.grow()


async def test_time_in_the_log_never_goes_back_with_the_clock(running):
    await running.record(3)
    await running.grow()
    await running.owner.execute("update log_state set advanced_at = now() + interval '1 day'")
    await running.record(3)

    await running.grow()

    await running.check()
    at = await running.owner.fetch("select integrated_at from span order by first_index")
    assert [row[0] for row in at] == sorted(row[0] for row in at)
