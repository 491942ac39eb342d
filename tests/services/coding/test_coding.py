"""What sources send and recipients get: who may, who is drawn, what is refused."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.admission.errors import OrganizationUnknown
from services.coding.errors import (
    ContentDiffers,
    NotReleased,
    NumbersSpent,
    ProjectEnded,
    ProjectNotOpen,
    RecipientNotNamed,
    ReleaseRefused,
    RequestReused,
    SourceNotNamed,
    TransitionForbidden,
    UnitSentAlready,
)
from services.coding.model import Delivery, Outcome, Population, ReleaseRules, State, Unit
from services.coding.rules import lives
from services.coding.rules.anonymising import anonymise
from services.coding.rules.codes import content_sha256
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import InvalidArgument
from tests.services.coding.examples import (
    BANK_OF_STATUSES,
    BANKER,
    HANDICAPS,
    PLAN,
    STRANGER,
    TODAY,
    UNIVERSITY,
    call,
    person,
)

PEOPLE = [person(n) for n in range(6)]


async def test_the_recipient_gets_codes_and_all_that_the_sources_sent(party):
    project = await party.open()
    await party.send(project, {one: ("30-39", f"{n}.50") for n, one in enumerate(PEOPLE)})
    await party.send(project, dict.fromkeys(PEOPLE[:3], ("none",)), HANDICAPS)

    released = await party.release(project)
    handed = await party.read(project)

    coders = await party.keyring.coders(project)
    expected = {coders.units.code(one.digits.encode()) for one in PEOPLE}
    assert {row.unit.code for row in handed.rows} == expected
    assert sorted(row.values for row in handed.rows) == sorted(
        ("30-39", f"{n}.50", "none" if n < 3 else "") for n in range(6)
    )
    told = content_sha256(PLAN.columns, ((one.unit, one.values) for one in handed.rows))
    assert released.delivery.content_sha256 == told
    report = released.delivery.report
    assert (report.after.unit_count, report.after.smallest_group, report.suppressed) == (6, 6, 0)


async def test_each_person_is_in_the_trail_with_source_and_recipient(party):
    project = await party.open()
    party.trail.entries.clear()

    await party.numbered(project, PEOPLE)

    assert party.trail.persons() == PEOPLE
    head = party.trail.entries[0]
    assert (head.persons, head.party.caller.cbe_number) == (6, BANK_OF_STATUSES)
    assert head.party.customer.cbe_number == UNIVERSITY
    assert [leg.supplier for leg in head.sources] == [BANK_OF_STATUSES]
    assert head.decision.deliberation.number == PLAN.deliberation


async def test_a_number_that_was_replaced_counts_as_that_of_today(party):
    old, new = PEOPLE[:2]
    party.numbers.replaced[old] = new
    project = await party.open()

    first, second = await party.numbered(project, [old, new])

    assert first == second


async def test_says_who_is_not_drawn_and_who_is_nobody(party):
    half = Population("Half", 5000, False, TODAY, 2000)
    project = await party.open(replace(PLAN, population=half))
    people = [person(n) for n in range(400)]
    party.numbers.unknown.add(people[0])

    answered = await party.coding.number(
        call(BANK_OF_STATUSES), project.project_id, [Unit(one) for one in people]
    )
    other = await party.coding.number(
        call(HANDICAPS), project.project_id, [Unit(one) for one in people]
    )

    outcomes = [one.outcome for one in answered.units]
    assert outcomes[0] is Outcome.UNKNOWN
    assert 120 < outcomes.count(Outcome.NUMBERED) < 280
    # Whoever asks, the same are drawn; and only who is drawn is in the trail.
    assert [one.outcome for one in other.units] == outcomes
    assert len(party.trail.persons()) == 2 * outcomes.count(Outcome.NUMBERED)


async def test_households_are_drawn_whole_and_have_codes_of_their_own(party):
    whole = Population("Households", 5000, True, TODAY, 2000)
    project = await party.open(replace(PLAN, population=whole))
    units = [Unit(person(n), person(n // 4 * 4)) for n in range(200)]

    answered = await party.coding.number(call(BANK_OF_STATUSES), project.project_id, units)
    outcomes = [one.outcome for one in answered.units]

    for n in range(0, 200, 4):
        assert len(set(outcomes[n : n + 4])) == 1
    temporary = await party.keyring.temporary(project, BANK_OF_STATUSES)
    coded = [temporary.find(one.number) for one in answered.units if one.number]
    assert len({one.household for one in coded}) == len(coded) // 4
    # The reference person's code is not the household's.
    assert not {one.household for one in coded} & {one.code for one in coded}


async def test_a_project_that_takes_no_households_wants_none(party):
    project = await party.open()
    units = [Unit(PEOPLE[0], PEOPLE[0])]

    with pytest.raises(InvalidArgument) as refused:
        await party.coding.number(call(BANK_OF_STATUSES), project.project_id, units)
    enterprise = [Unit(EnterpriseNumber(899990150))]
    with pytest.raises(InvalidArgument):
        await party.coding.number(call(BANK_OF_STATUSES), project.project_id, enterprise)

    assert refused.value.violations[0].field == "units[0].household_ssin"


@pytest.mark.parametrize("who", [STRANGER, UNIVERSITY])
async def test_gives_no_number_to_who_is_no_source(party, who):
    project = await party.open()

    with pytest.raises(SourceNotNamed):
        await party.numbered(project, PEOPLE, who)

    assert party.trail.refusals()[-1] == "SOURCE_NOT_NAMED"


async def test_a_stranger_to_the_network_is_turned_away(party):
    project = await party.open()

    with pytest.raises(OrganizationUnknown):
        await party.numbered(project, PEOPLE, EnterpriseNumber(899991932))


async def test_a_deliberation_that_was_suspended_ends_sending_and_reading(party):
    project = await party.open()
    await party.send_all(project, PEOPLE)
    released = await party.release(project)
    open_one = await party.open()
    party.access.fields.clear()

    numbered = await party.coding.number(
        call(BANK_OF_STATUSES), open_one.project_id, [Unit(PEOPLE[0])]
    )
    handed = await party.read(released)

    assert (numbered.status.code.code, numbered.units) == ("MSG00013", ())
    assert (handed.status.code.code, handed.rows) == ("MSG00013", ())
    assert party.trail.refusals()[-1] == "MSG00013"


async def test_bounds_how_many_units_a_source_has_numbered_in_a_day(party):
    small = replace(PLAN.population, most_units=4)
    project = await party.open(replace(PLAN, population=small))
    await party.numbered(project, PEOPLE[:3])

    with pytest.raises(NumbersSpent):
        await party.numbered(project, PEOPLE[:2])

    assert len(await party.numbered(project, PEOPLE[:1])) == 1
    assert len(await party.numbered(project, PEOPLE[:4], HANDICAPS)) == 4


async def test_a_unit_is_sent_once_and_a_chunk_may_be_repeated(party):
    project = await party.open()
    chunk, rows = uuid4(), dict.fromkeys(PEOPLE[:2], ("30-39", "1"))
    await party.send(project, rows, chunk_id=chunk)

    await party.send(project, rows, chunk_id=chunk)
    with pytest.raises(RequestReused):
        await party.send(project, {PEOPLE[0]: ("40-49", "1")}, chunk_id=chunk)
    with pytest.raises(UnitSentAlready):
        await party.send(project, {PEOPLE[2]: ("30-39", "1"), PEOPLE[0]: ("30-39", "2")})

    # What was refused left nothing behind.
    assert len([one async for one in party.rows.held(project.project_id)]) == 2


async def test_names_every_row_that_cannot_be_taken_and_none_of_its_values(party):
    project = await party.open()
    numbers = await party.numbered(project, PEOPLE[:3])
    rows = [
        (numbers[0], ("30-39", "12,5")),
        (b"x" * 49, ("30-39", "1")),
        (numbers[1], ("30-39",)),
        (numbers[2], ("\n", "1")),
        (numbers[0], ("30-39", "1")),
    ]
    made = call(BANK_OF_STATUSES, "SubmitRows")

    with pytest.raises(InvalidArgument) as refused:
        await party.coding.submit(made, project.project_id, uuid4(), ["age_class", "amount"], rows)

    assert [one.field for one in refused.value.violations] == [
        *("rows[0].values[1]", "rows[1].temporary_number", "rows[2].values"),
        *("rows[3].values[0]", "rows[4].temporary_number"),
    ]
    assert "12,5" not in str([one.description for one in refused.value.violations])


async def test_columns_in_another_order_are_refused(party):
    project = await party.open()
    (number,) = await party.numbered(project, PEOPLE[:1])
    made = call(BANK_OF_STATUSES, "SubmitRows")

    with pytest.raises(InvalidArgument):
        await party.coding.submit(
            made, project.project_id, uuid4(), ["amount", "age_class"], [(number, ("1", "2"))]
        )


async def test_refuses_to_release_groups_that_are_too_small_or_too_alike(party):
    project = await party.open(replace(PLAN, rules=ReleaseRules(3, 2)))
    await party.send(project, dict.fromkeys(PEOPLE[:4], ("30-39", "1")))
    await party.send(project, dict.fromkeys(PEOPLE[4:], ("40-49", "1")))
    await party.send(project, dict.fromkeys(PEOPLE, ("none",)), HANDICAPS)

    with pytest.raises(ReleaseRefused) as refused:
        await party.release(project)

    fields = [one.field for one in refused.value.violations]
    assert fields == ["minimum_group", "minimum_diversity"]
    assert (await party.projects.get(project.project_id)).state is State.OPEN


async def test_a_missing_value_is_a_category_and_not_anybody(party):
    project = await party.open()
    await party.send(project, dict.fromkeys(PEOPLE[:5], ("30-39", "1")))
    await party.send(project, {PEOPLE[5]: ("", "1")})

    with pytest.raises(ReleaseRefused):
        await party.release(project)


async def test_only_the_recipient_reads_and_only_what_was_released(party):
    project = await party.open()
    await party.send_all(project, PEOPLE)

    with pytest.raises(NotReleased):
        await party.read(project)
    await party.release(project)
    for other in (BANK_OF_STATUSES, STRANGER):
        with pytest.raises(RecipientNotNamed):
            await party.read(project, other)
    with pytest.raises(ProjectNotOpen):
        await party.numbered(project, PEOPLE[:1])


async def test_reads_the_same_until_it_is_confirmed_and_nothing_after(party):
    project = await party.open()
    await party.send_all(project, PEOPLE)
    released = await party.release(project)

    first, second = await party.read(project), await party.read(project)
    with pytest.raises(ContentDiffers):
        await party.acknowledge(project, "0" * 64)
    await party.acknowledge(project, released.delivery.content_sha256)
    # Whose confirmation got lost confirms again.
    await party.acknowledge(project, released.delivery.content_sha256)

    assert first.rows == second.rows
    with pytest.raises(NotReleased):
        await party.read(project)
    assert await party.rows.page_of(project.project_id, 0) is None


async def test_nothing_is_sent_or_read_after_the_last_day(party):
    project = await party.open()
    late = replace(call(BANK_OF_STATUSES), day=PLAN.end_date + timedelta(days=1))

    with pytest.raises(ProjectEnded):
        await party.coding.number(late, project.project_id, [Unit(PEOPLE[0])])


async def test_rows_that_come_while_it_is_released_refuse_the_release(party):
    project = await party.open()
    await party.send_all(project, PEOPLE)
    rows, held, _ = await party.deliveries._joined(project)
    _, report = anonymise(project.plan, rows, {})
    await party.send(project, {person(99): ("30-39", "1")})

    step = lives.next_step(project, State.RELEASED, BANKER, project.steps[0].at, "")
    with pytest.raises(TransitionForbidden):
        await party.rows.release(project, step, Delivery("", step.at, report), [], held)

    assert (await party.projects.get(project.project_id)).state is State.OPEN
