"""One suite for the stores in memory and those in PostgreSQL."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from services.audit.errors import MonthOver
from services.audit.trail.model import Inquiry, Page, Row, Stage
from services.kit.errors import StoreUnavailable
from tests.services.audit.fakes import ANOTHER, PERSON, TICKET, FakeMonths, entry


@pytest.fixture
def trail(trail_of, subject_keys):
    return trail_of(subject_keys(1, current=1))


async def about(trail, what, after=0, most=10):
    listed = await trail.list_exchanges(Inquiry(what, Page(after, most), None))
    return listed.kept


def contents(kept):
    return [one.ground for one in kept]


async def test_lists_the_records_of_an_exchange_in_the_order_of_recording(trail):
    await trail.record([entry(b"intent")])
    await trail.record([entry(b"outcome", stage=Stage.OUTCOME), entry(b"x", ticket=UUID(int=2))])

    assert contents(await about(trail, TICKET)) == [b"intent", b"outcome"]


async def test_goes_on_after_a_place_in_the_list(trail):
    for number in range(5):
        await trail.record([entry(bytes([number]))])
    first = await about(trail, TICKET, most=2)

    rest = await about(trail, TICKET, after=first[-1].sequence)

    assert contents([*first, *rest]) == [bytes([number]) for number in range(5)]


async def test_a_record_handed_over_twice_is_kept_once_as_it_was(trail):
    one = entry(b"first", record_id=UUID(int=9))

    await trail.record([one])
    await trail.record([entry(b"second", record_id=UUID(int=9)), entry(b"new")])
    await trail.record([one])

    assert contents(await about(trail, TICKET)) == [b"first", b"new"]


async def test_lists_the_records_about_a_person_and_nobody_else(trail):
    await trail.record([entry(b"hers"), entry(b"his", subject=ANOTHER), entry(b"no", subject=None)])

    assert contents(await about(trail, PERSON)) == [b"hers"]


RUN = 1 << 22


async def test_a_person_is_found_in_every_run_of_a_month(running):
    """A month of more records than a run holds: the order of recording is moved ahead."""
    await running.trail.record([entry(b"early", subject=None)])
    month = await running.owner.fetchval("select max(month)::bigint << 34 from month")
    places = (2, 4, 2 * RUN - 2, 2 * RUN, (1 << 34) - 2)
    for place in places:
        await running.owner.execute("select setval('record_sequence', $1, false)", month + place)
        await running.trail.record([entry(b"%d" % place), entry(b"x", subject=ANOTHER)])

    found = await about(running.trail, PERSON)

    assert contents(found) == [b"%d" % place for place in places]
    for n, kept in enumerate(found):
        rest = await about(running.trail, PERSON, after=kept.sequence, most=2)
        assert contents(rest) == contents(found[n + 1 : n + 3])


async def test_what_arrives_together_is_all_kept(trail):
    await asyncio.gather(*(trail.record([entry(bytes([n]))]) for n in range(200)))

    assert len(await about(trail, TICKET, most=1000)) == 200


async def test_records_made_for_a_month_that_is_over_are_refused(stores):
    current = await stores.months.current()
    row = Row(entry(b"late", subject=None), None, None)

    with pytest.raises(MonthOver):
        await stores.records.add(current.month - 1, [row])


async def test_a_month_that_ends_meanwhile_costs_no_record_and_both_are_searched(
    stores, trail, request
):
    if not isinstance(stores.months, FakeMonths):
        pytest.skip(
            "the month of the database's clock cannot be made to end; see test_retention.py"
        )
    await trail.record([entry(b"november")])
    stores.months.begin_next()

    await trail.record([entry(b"december")])

    assert contents(await about(trail, PERSON)) == [b"november", b"december"]


@pytest.mark.parametrize(
    "attempt",
    [
        "update record set content = ''",
        "delete from span",
        "update span set count = 1",
        "update month set month = 1",
        "insert into month (month) values (1)",
        "update ground set content = ''",
        "select setval('record_sequence', 1)",
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


_FULL = """
create function no_room() returns trigger language plpgsql as
$$ begin raise exception 'no space left on device' using errcode = '53100'; end $$;
create trigger no_room before insert on record for each row execute function no_room();
"""


async def test_without_room_records_are_refused_and_taken_again_when_there_is_some(running):
    await running.record(1)
    await running.owner.execute(_FULL)

    with pytest.raises(StoreUnavailable):
        await running.record(3)

    await running.owner.execute("drop trigger no_room on record")
    await running.record(5)
    await running.grow()
    await running.check()
    assert running.publication.published().size == 6


async def test_commits_are_durable_before_they_are_acknowledged(database):
    connection = await asyncpg.connect(database.dsn)
    try:
        assert await connection.fetchval("show synchronous_commit") == "on"
    finally:
        await connection.close()
