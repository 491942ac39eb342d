"""Months in files are proved by themselves, read without a service, and put back."""

import asyncio
import gzip
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.processes import environment
from services.audit.log.archive.folders import ArchiveDamaged, Folder
from services.audit.log.archive.moving import MonthNotSigned, export, restore
from services.audit.log.archive.proving import rest_of, root_with
from services.audit.log.verification.signatures import Signatures
from services.audit.log.verification.whole import Store, verify_store
from services.kit.tlog.hashes import leaf_hash, root_of
from services.kit.tlog.proofs import ProofInvalid
from tests.services.audit.logs import real_entry

LEAVES = [leaf_hash(bytes([n])) for n in range(70)]


def subtree(begin, end):
    return root_of(LEAVES[begin:end])


@given(st.integers(1, 70), st.data())
def test_a_range_of_leaves_and_the_rest_make_the_root(size, data):
    begin = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(begin + 1, size))
    rest = rest_of(begin, end, size, subtree)

    assert root_with(iter(LEAVES[begin:end]), size, rest) == root_of(LEAVES[:size])
    assert len(rest) <= 14
    for wrong in (LEAVES[begin : end - 1], [*LEAVES[begin:end], LEAVES[0]]):
        with pytest.raises(ProofInvalid):
            root_with(iter(wrong), size, rest)


@pytest.fixture
async def exported(running, tmp_path):
    """A signed month with a place that nobody took, and its folder."""
    await running.record(300)
    again = real_entry(user_id="71713000318")
    await running.trail.record([again])
    await running.trail.record([again])
    await running.record(100)
    await running.grow()
    running.month = (await running.trail.months.current()).month
    running.archive = Folder(tmp_path / "archive")
    running.count = await export(running.owner, running.storage, running.month, running.archive)
    return running


def key(running):
    return running.signer.verifier


async def test_a_month_in_files_is_proved_by_itself(exported):
    described = exported.archive.prove(key(exported))

    assert exported.count == described.count == 401


async def test_what_is_in_the_files_is_what_was_recorded(exported):
    assert list(exported.archive.leaves()) == await exported.leaves()


async def test_the_files_take_less_than_the_store(exported):
    leaves = sum(map(len, exported.archive.leaves()))

    assert (exported.archive.path / "leaves.gz").stat().st_size < leaves / 2


def flipped(path):
    held = gzip.decompress(path.read_bytes())
    path.write_bytes(gzip.compress(held[:100] + bytes([held[100] ^ 1]) + held[101:]))


DAMAGE = {
    "a leaf changed": lambda folder: flipped(folder / "leaves.gz"),
    "cut off": lambda folder: (folder / "leaves.gz").write_bytes(
        (folder / "leaves.gz").read_bytes()[:-20]
    ),
    "leaves gone": lambda folder: (folder / "leaves.gz").unlink(),
    "another count": lambda folder: (folder / "month.json").write_text(
        (folder / "month.json").read_text().replace('"count": 401', '"count": 400')
    ),
    "no description": lambda folder: (folder / "month.json").write_text("{}"),
    "another checkpoint": lambda folder: (folder / "checkpoint").write_text("x"),
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_files_that_were_touched_are_not_believed(exported, damage):
    DAMAGE[damage](exported.archive.path)

    with pytest.raises(ArchiveDamaged):
        exported.archive.prove(key(exported))


async def test_a_month_that_is_lost_is_put_back_and_proved(exported):
    listed = await exported.owner.fetch("select * from record order by sequence")
    await exported.owner.execute(f"drop table record_{exported.month}")
    await exported.owner.execute("delete from ground")

    assert await restore(exported.owner, exported.archive) == 401

    store = Store(
        dsn=exported.database.owner_dsn,
        signatures=Signatures(exported.storage, key(exported)),
        patience=0,
    )
    verdict = await asyncio.to_thread(verify_store, store, 1, lambda done, of: None)
    assert verdict.findings == []
    again = await exported.owner.fetch("select * from record order by sequence")
    alike = ("sequence", "customer", "subject_key", "record_id", "ticket", "content")
    assert [[row[name] for name in alike] for row in again] == [
        [row[name] for name in alike] for row in listed
    ]


async def test_only_what_is_gone_is_put_back(exported):
    await exported.owner.execute(
        "delete from record where sequence in (select sequence from record limit 7)"
    )

    assert await restore(exported.owner, exported.archive) == 7


async def test_a_month_that_is_not_signed_whole_is_not_exported(exported, tmp_path):
    await exported.record(1)

    with pytest.raises(MonthNotSigned):
        await export(exported.owner, exported.storage, exported.month, Folder(tmp_path / "other"))


async def test_the_files_are_read_without_the_service(exported):
    command = [sys.executable, "-m", "services.audit.log.archive", str(exported.archive.path)]

    def run(*more):
        return subprocess.run(
            [*command, *more],
            env=environment({}),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    proved = await asyncio.to_thread(run, "prove", "--key", str(key(exported)))
    assert "401 records, as the log signed them" in proved.stdout
    shown = await asyncio.to_thread(run, "read")
    first, *_ = shown.stdout.splitlines()
    assert json.loads(first)["legalContext"] == "TEST:0"
    assert "71713000318" not in shown.stdout
