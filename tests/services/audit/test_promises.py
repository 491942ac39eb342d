"""What was acknowledged is there: whoever makes the database forget it makes recording fail."""

import pytest

from services.audit.errors import RecordsNotKept
from tests.services.audit.fakes import entry

WATCHED = "0899990348"
CUSTOMER = int(WATCHED[:8])
FUNCTION = (
    "create function bent() returns trigger language plpgsql security definer as"
    " $$ begin {} end $$;"
)
SWALLOW = f"if new.customer = {CUSTOMER} then return null; end if; return new;"
DELETE = f"delete from record where customer = {CUSTOMER}; return null;"
BENT = {
    "a trigger that swallows them": (
        SWALLOW,
        "create trigger bent before insert on record for each row execute function bent()",
    ),
    "one on the partition only": (
        SWALLOW,
        "do $$ begin execute format('create trigger bent before insert on record_%s for each row"
        " execute function bent()', (select max(month) from month)); end $$",
    ),
    "one that alters the content": (
        "new.content := ''; return new;",
        "create trigger bent before insert on record for each row execute function bent()",
    ),
    "one that takes the person away": (
        "new.subject_key := null; return new;",
        "create trigger bent before insert on record for each row execute function bent()",
    ),
    "one that gives another exchange": (
        "new.ticket := gen_random_uuid(); return new;",
        "create trigger bent before insert on record for each row execute function bent()",
    ),
    "one that takes them away afterwards": (
        DELETE,
        "create trigger bent after insert on record for each statement execute function bent()",
    ),
    "one that takes them away at the commit": (
        f"delete from record where sequence = new.sequence and customer = {CUSTOMER}; return null;",
        "create constraint trigger bent after insert on record deferrable initially deferred"
        " for each row execute function bent()",
    ),
    "grounds that are swallowed": (
        "return null;",
        "create trigger bent before insert on ground for each row execute function bent()",
    ),
}


@pytest.mark.parametrize("how", BENT)
async def test_records_that_the_database_does_not_keep_are_not_acknowledged(running, how):
    body, trigger = BENT[how]
    await running.record(1)
    await running.owner.execute(FUNCTION.format(body) + trigger)
    before = await running.owner.fetchval("select count(*) from record")

    with pytest.raises(RecordsNotKept):
        await running.record(3, customer_cbe_number=WATCHED, reason=how)

    assert await running.owner.fetchval("select count(*) from record") == before


async def test_who_is_not_swallowed_is_recorded_beside_who_is(running):
    await running.owner.execute(FUNCTION.format(SWALLOW))
    await running.record(1)
    await running.owner.execute(BENT["a trigger that swallows them"][1])

    await running.record(2, customer_cbe_number="0899990744")

    assert await running.owner.fetchval("select count(*) from record") == 3


async def test_a_forged_record_in_the_next_place_does_not_take_that_of_a_genuine_one(running):
    await running.record(1)
    await running.owner.execute(
        "insert into record (sequence, customer, ground_id, record_id, ticket, content)"
        " select (select last_value from record_sequence) + 1, customer, ground_id,"
        " gen_random_uuid(), ticket, content from record limit 1"
    )

    with pytest.raises(RecordsNotKept):
        await running.record(1)
    await running.record(1)

    assert await running.owner.fetchval("select count(distinct sequence) from record") == 3


async def test_two_records_do_not_stand_in_one_place(running):
    await running.record(2)

    with pytest.raises(Exception, match="sequence_idx"):
        await running.owner.execute(
            "insert into record (sequence, customer, ground_id, record_id, ticket, content)"
            " select sequence, customer, ground_id, gen_random_uuid(), ticket, content"
            " from record limit 1"
        )


async def test_what_is_handed_over_again_is_acknowledged_again_and_kept_once(running):
    one, two = entry(b"one"), entry(b"two")

    await running.trail.record([one, one])
    await running.trail.record([one, two])

    assert await running.owner.fetchval("select count(*) from record") == 2
