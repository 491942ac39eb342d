"""A store is proved whole, and whatever a lying operator did to it is found and named."""

import asyncio

import pytest

from services.audit.log.verification.findings import Flaw
from services.audit.log.verification.signatures import Signatures
from services.audit.log.verification.whole import Store, verify_store
from services.kit.tlog.tiles import tile_path
from tests.services.audit.logs import real_entry

COUNT = 700


@pytest.fixture
async def signed(running):
    """A signed log of some hundred records with a place in between that nobody took."""
    await running.record(300)
    again = real_entry()
    await running.trail.record([again])
    await running.trail.record([again])
    await running.record(COUNT - 301)
    await running.grow()
    return running


def found(running, patience=0, **others):
    signatures = Signatures(running.storage, running.signer.verifier, **others)
    store = Store(dsn=running.database.owner_dsn, signatures=signatures, patience=patience)
    return verify_store(store, 1, lambda done, of: None)


@pytest.fixture
def verdict(signed):
    """The verdict on the store after something was done to it, and what stood at an index."""

    async def after(statement="", *arguments):
        if statement:
            await signed.owner.execute(statement, *arguments)
        return await asyncio.to_thread(found, signed)

    return after


async def at(signed, index):
    row = await signed.owner.fetchrow(
        "select record_id, sequence from record order by sequence offset $1 limit 1", index
    )
    return str(row["record_id"]), row["sequence"]


async def test_a_store_that_nobody_touched_is_proved(verdict):
    whole = await verdict()

    assert whole.findings == []
    assert (whole.size, whole.proved, whole.forgotten, whole.unsigned) == (COUNT, COUNT, 0, 0)


@pytest.mark.parametrize("index", [0, 255, 256, COUNT - 1])
@pytest.mark.parametrize(
    "change",
    [
        "content = set_byte(content, 0, get_byte(content, 0) # 1)",
        "subject_key = subject_key # 1",
        "subject_key = null",
        "ticket = record_id",
        "record_id = ticket",
    ],
)
async def test_any_change_to_a_record_is_found_and_named(signed, verdict, index, change):
    name, sequence = await at(signed, index)

    whole = await verdict(f"update record set {change} where sequence = $1", sequence)

    [finding] = whole.findings
    assert (finding.flaw, finding.index, finding.sequence) == (Flaw.ALTERED, index, sequence)
    assert finding.what == name or change.startswith("record_id")


async def test_a_record_that_is_gone_is_named_by_its_place(signed, verdict):
    _, sequence = await at(signed, 300)

    whole = await verdict("delete from record where sequence = $1", sequence)

    [finding] = whole.findings
    assert (finding.flaw, finding.index, finding.sequence) == (Flaw.MISSING, 300, sequence)


COPY = (
    "insert into record (sequence, customer, ground_id, subject_key, record_id, ticket, content)"
    " select {place}, customer, ground_id, subject_key, gen_random_uuid(), ticket, content"
    " from record where sequence = $1"
)


async def test_a_record_that_was_slipped_in_is_named(signed, verdict):
    _, sequence = await at(signed, 0)
    hole = await signed.owner.fetchval(
        "select first_sequence + count from span order by first_index limit 1"
    )

    whole = await verdict(COPY.format(place=hole), sequence)

    [finding] = whole.findings
    assert (finding.flaw, finding.sequence) == (Flaw.INSERTED, hole)


async def test_a_record_that_was_slipped_in_at_the_end_is_named(signed, verdict):
    again = real_entry()
    await signed.trail.record([again])
    await signed.trail.record([again])
    await signed.grow()
    last = await signed.owner.fetchval("select last_sequence from log_state")
    _, sequence = await at(signed, 0)

    whole = await verdict(COPY.format(place=last), sequence)

    [finding] = whole.findings
    assert (finding.flaw, finding.sequence) == (Flaw.INSERTED, last)


async def test_records_that_changed_places_are_named_with_where_they_belong(signed, verdict):
    (first, one), (second, other) = await at(signed, 10), await at(signed, 20)

    for before, after in ((one, other + 1000), (other, one), (other + 1000, other)):
        await signed.owner.execute(
            "update record set sequence = $2 where sequence = $1", before, after
        )
    whole = await verdict()

    assert {(f.flaw, f.index) for f in whole.findings} == {(Flaw.MOVED, 10), (Flaw.MOVED, 20)}
    assert f"{second}, which belongs at index 20" in {f.what for f in whole.findings}
    assert first != second


async def test_a_record_filed_under_another_customer_is_named(signed, verdict):
    name, sequence = await at(signed, 5)

    whole = await verdict("update record set customer = 7 where sequence = $1", sequence)

    assert [(f.flaw, f.what) for f in whole.findings] == [(Flaw.MISFILED, name)]


async def test_a_ground_that_was_rewritten_is_found_in_all_its_records(signed, verdict):
    whole = await verdict(
        "update ground set content = '\\x0a00', sha256 = sha256('\\x0a00') where ground_id ="
        " (select ground_id from record order by sequence limit 1)"
    )

    flaws = [f.flaw for f in whole.findings]
    assert set(flaws) == {Flaw.ALTERED, Flaw.GROUND}
    assert flaws.count(Flaw.ALTERED) > 1


async def test_a_ground_that_is_gone_is_found_in_all_its_records(signed, verdict):
    number = await signed.owner.fetchval("select min(ground_id) from record")
    of_it = "select count(*) from record where ground_id = $1"

    whole = await verdict("delete from ground where ground_id = $1", number)

    flaws = [f.flaw for f in whole.findings]
    assert flaws.count(Flaw.ALTERED) == await signed.owner.fetchval(of_it, number) > 1


async def test_places_that_were_rewritten_are_found(signed, verdict):
    whole = await verdict("delete from span where first_index = 0")

    assert Flaw.PLACES in {f.flaw for f in whole.findings}


@pytest.mark.parametrize("tile", [(0, 0, 256), (0, 2, COUNT - 512), (1, 0, 2)])
@pytest.mark.parametrize("change", ["flip", "remove"])
async def test_a_tile_that_was_rewritten_is_named(signed, verdict, tile, change):
    path = signed.folder / tile_path(*tile)
    held = bytearray(path.read_bytes())
    held[40] ^= 1
    path.write_bytes(held) if change == "flip" else path.unlink()

    whole = await verdict()

    assert {(f.flaw, f.what) for f in whole.findings} == {(Flaw.TILE, tile_path(*tile))}


async def test_records_and_tiles_rewritten_together_are_found_by_what_was_signed(signed, verdict):
    await signed.owner.execute(
        "update record set content = '\\x0801' where sequence = (select min(sequence) from record)"
    )
    (signed.folder / "checkpoint").rename(signed.folder / "kept")
    (signed.folder / "places").unlink()
    for tile in sorted(signed.folder.glob("tile/**/*")):
        if tile.is_file():
            tile.unlink()
    await signed.owner.execute(
        "update log_state set size = 0, root = sha256(''), last_sequence = 0"
    )
    await signed.owner.execute("delete from span")
    await signed.grow()

    assert (await verdict()).findings == []
    whole = await asyncio.to_thread(found, signed, earlier=[signed.folder / "kept"])
    assert [f.flaw for f in whole.findings] == [Flaw.INCONSISTENT]

    (signed.folder / "kept").rename(signed.folder / "checkpoint")
    assert Flaw.REWRITTEN in {f.flaw for f in (await verdict()).findings}


async def test_an_older_copy_of_the_store_is_found(signed, verdict):
    whole = await verdict("update log_state set size = 500")

    assert {f.flaw for f in whole.findings} == {Flaw.REWOUND, Flaw.STATE}


async def test_a_checkpoint_that_somebody_else_wrote_is_found(signed, verdict):
    path = signed.folder / "checkpoint"
    path.write_text(path.read_text().replace(f"\n{COUNT}\n", f"\n{COUNT - 1}\n"))

    assert [f.flaw for f in (await verdict()).findings] == [Flaw.UNSIGNED]


async def test_records_that_nobody_signs_are_found(signed, verdict):
    await signed.record(3)

    whole = await verdict()

    [finding] = whole.findings
    assert (finding.flaw, finding.what, whole.unsigned) == (Flaw.UNMERGED, "3 records", 3)


async def test_records_that_are_signed_meanwhile_are_waited_for(signed):
    await signed.record(3)
    proving = asyncio.create_task(asyncio.to_thread(found, signed, patience=60))
    await asyncio.sleep(0.1)

    await signed.grow()

    whole = await proving
    assert whole.findings == []


async def test_a_log_that_has_not_begun_has_nothing_wrong_with_it(running):
    await running.record(2)

    proving = asyncio.create_task(asyncio.to_thread(found, running, patience=60))
    await asyncio.sleep(0.1)
    await running.grow()

    assert (await proving).findings == []


async def test_a_log_that_begins_anew_is_found_by_what_was_kept_elsewhere(running, tmp_path):
    await running.record(2)

    whole = await asyncio.to_thread(found, running, earlier=[tmp_path / "kept"])

    assert {f.flaw for f in whole.findings} == {Flaw.UNSIGNED, Flaw.UNMERGED}
