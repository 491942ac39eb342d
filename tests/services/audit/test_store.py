"""One suite for the store in memory and the one in PostgreSQL."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from services.audit.model import Row, Stage
from tests.services.audit.fakes import ANOTHER, PERSON, entry


@pytest.fixture
def rows(subject_keys):
    keys = subject_keys(1, current=1)

    def made(*entries):
        return [Row(one, one.subject and keys.hide(one.subject, one.record_id)) for one in entries]

    return made


def contents(kept):
    return [one.content for one in kept]


async def test_lists_the_records_of_an_exchange_in_the_order_of_recording(store, rows):
    await store.add(rows(entry(b"intent")))
    await store.add(rows(entry(b"outcome", stage=Stage.OUTCOME), entry(b"x", ticket=UUID(int=2))))

    kept = await store.of_ticket(UUID(int=1), 0, 10)

    assert contents(kept) == [b"intent", b"outcome"]


async def test_goes_on_after_a_place_in_the_list(store, rows):
    for number in range(5):
        await store.add(rows(entry(bytes([number]))))
    first = await store.of_ticket(UUID(int=1), 0, 2)

    rest = await store.of_ticket(UUID(int=1), first[-1].sequence, 10)

    assert contents([*first, *rest]) == [bytes([number]) for number in range(5)]


async def test_a_record_handed_over_twice_is_kept_once_as_it_was(store, rows):
    one = entry(b"first", record_id=UUID(int=9))

    await store.add(rows(one))
    await store.add(rows(entry(b"second", record_id=UUID(int=9)), entry(b"new")))

    assert contents(await store.of_ticket(UUID(int=1), 0, 10)) == [b"first", b"new"]


async def test_lists_the_records_about_a_person_and_nobody_else(store, rows, subject_keys):
    await store.add(
        rows(entry(b"hers"), entry(b"his", subject=ANOTHER), entry(b"no", subject=None))
    )

    kept = await store.of_subject(subject_keys(1, 2, current=2).keys_of(PERSON), 0, 10)

    assert contents(kept) == [b"hers"]


async def test_what_arrives_together_is_all_kept(store, rows):
    await asyncio.gather(*(store.add(rows(entry(bytes([n])))) for n in range(200)))

    assert len(await store.of_ticket(UUID(int=1), 0, 1000)) == 200


@pytest.mark.parametrize(
    "attempt",
    [
        "update record set content = ''",
        "delete from record",
        "truncate record",
        "drop table record",
    ],
)
async def test_the_service_cannot_change_or_remove_what_is_kept(database, attempt):
    connection = await asyncpg.connect(database.dsn)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(attempt)
    finally:
        await connection.close()


async def test_commits_are_durable_before_they_are_acknowledged(database):
    connection = await asyncpg.connect(database.dsn)
    try:
        assert await connection.fetchval("show synchronous_commit") == "on"
    finally:
        await connection.close()
