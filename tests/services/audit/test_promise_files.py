"""What was acknowledged is written down outside the database, and verification asks for it."""

import asyncio
import json
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta

import pytest

from services.audit.log.verification.findings import Flaw
from services.audit.log.verification.promises import PromiseFiles
from services.audit.log.verification.signatures import Signatures
from services.audit.log.verification.whole import Store, verify_store
from services.audit.trail.store.promises import SUFFIX, Promises, end_of
from services.audit.trail.store.records import PostgresRecords
from services.kit.ids import uuid7
from services.kit.postgres import pool
from services.kit.tlog.notes import SIGNATURE, Signer
from tests.services.audit.logs import real_entry

SIGNER = Signer.of("promises.test", SIGNATURE, b"p" * 32)
HASH = b"h" * 32


@pytest.fixture
async def promising(running, tmp_path):
    """A trail that writes down what it acknowledges; its folder."""
    running.promised = tmp_path / "promised"
    async with (
        pool(running.database.dsn, name="audit") as opened,
        PostgresRecords(opened, promises=Promises(running.promised, SIGNER)) as records,
    ):
        running.trail = replace(running.trail, records=records)
        yield running


async def flaws(running):
    await running.grow()
    store = Store(
        dsn=running.database.owner_dsn,
        signatures=Signatures(running.storage, running.signer.verifier),
        promises=PromiseFiles(running.promised, SIGNER.verifier),
        patience=0,
    )
    whole = await asyncio.to_thread(verify_store, store, 1, lambda done, of: None)
    return {one.flaw for one in whole.findings}


async def test_what_was_acknowledged_is_there(promising):
    again = real_entry()
    await promising.record(20)
    await promising.trail.record([again])
    await promising.trail.record([again, real_entry()])

    assert await flaws(promising) == set()


LYING = """
alter function add_records rename to add_all;
create function add_records(
  expected integer, customers integer[], grounds integer[], subjects bigint[], ids uuid[],
  tickets uuid[], contents bytea[]
) returns bigint[] language plpgsql as $$
begin
  if customers[1] = 8999907 then
    return (select array_agg(n) from generate_series(1, cardinality(ids)) n);
  end if;
  return add_all(expected, customers, grounds, subjects, ids, tickets, contents);
end $$
"""


async def test_what_a_lying_database_swallowed_is_found_after_it_lies_no_longer(promising):
    await promising.record(3)
    await promising.owner.execute(LYING)
    await promising.record(2, customer_cbe_number="0899990744")
    await promising.owner.execute(
        "drop function add_records; alter function add_all rename to add_records"
    )
    await promising.record(3)

    assert await flaws(promising) == {Flaw.SWALLOWED}


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ("delete from record where customer = 8999903", Flaw.SWALLOWED),
        ("update record set content = content || '\\x6a00'", Flaw.UNKEPT),
        ("update record set ticket = gen_random_uuid()", Flaw.UNKEPT),
        ("update record set subject_key = 1", Flaw.UNKEPT),
        ("update record set record_id = gen_random_uuid()", Flaw.SWALLOWED),
    ],
)
async def test_what_is_bent_before_it_is_signed_is_found(promising, change, flaw):
    await promising.record(3)
    await promising.owner.execute(change)

    assert await flaws(promising) == {flaw}


def cut(path):
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))


def without_one(path):
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:1], *lines[2:]]))


def bent(path):
    held = bytearray(path.read_bytes())
    held[-120] ^= 1
    path.write_bytes(held)


def emptied(path):
    path.write_bytes(b"")


def removed(path):
    path.unlink()


@pytest.mark.parametrize("how", [cut, without_one, bent, emptied, removed])
async def test_files_that_are_not_what_was_written_are_found(promising, how):
    await promising.record(3)
    await promising.record(3)
    promises = promising.trail.records._promises
    promises.clock = lambda: promises._opened_at + 7_200
    await promising.record(1)
    first, _ = sorted(promising.promised.glob(f"*{SUFFIX}"))
    how(first)

    assert Flaw.PROMISES in await flaws(promising)


def test_a_file_is_followed_by_another_that_names_it(tmp_path):
    now = [1_000_000.0]
    promises = Promises(tmp_path, SIGNER, lambda: now[-1])
    promises.add(24322, [(uuid7(), HASH)])
    now.append(now[-1] + 4_000)
    promises.add(24322, [(uuid7(), HASH)])
    promises.close()

    first, second = sorted(tmp_path.iterdir())
    opening = json.loads(b64decode(second.read_text().split(" ")[2]))
    assert opening == {first.name: list(end_of(first))}
    assert end_of(first)[0] == first.stat().st_size


def test_what_is_old_is_removed_when_a_file_is_opened(tmp_path):
    promises = Promises(tmp_path, SIGNER, kept=timedelta(0))
    promises.clock = lambda: 4e9
    promises.add(1, [(uuid7(), HASH)])
    promises.clock = lambda: 4e9 + 4_000
    promises.add(1, [(uuid7(), HASH)])

    assert len(list(tmp_path.iterdir())) == 1


def test_a_process_that_was_killed_leaves_whole_lines(tmp_path):
    promises = Promises(tmp_path, SIGNER)
    promises.add(1, [(uuid7(), HASH)])
    [path] = tmp_path.iterdir()
    size, signature = end_of(path)
    with path.open("ab") as file:
        file.write(b"17 1 half a li")

    assert end_of(path) == (size, signature)
