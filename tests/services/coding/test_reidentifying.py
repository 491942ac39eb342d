"""Codes lead back to persons: by two people, on a ground of the deliberation, one list at once."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.coding.errors import (
    DeliberationMissing,
    NumbersSpent,
    OfficesMixed,
    OperatorNameless,
    ProjectEnded,
    ProjectNotOpen,
    ProjectUnknown,
    ReidentificationPending,
    ReidentificationUnknown,
    RequestReused,
    SecondPersonNeeded,
    SourceNotNamed,
    TransitionForbidden,
)
from services.coding.model import Actor, CodeList, ListState, Office, Unit
from services.concepts.failures import InvalidArgument
from services.concepts.legal_context import LegalContext
from services.kit.errors import PeerUnavailable
from tests.services.coding.examples import (
    BANK_OF_STATUSES,
    BANKER,
    HANDICAPS,
    MEMBER,
    NOW,
    PLAN,
    STRANGER,
    TODAY,
    UNIVERSITY,
    call,
    person,
)

GROUND = LegalContext("UNIVERSITY:WARNING_OF_A_RISK")
PEOPLE = [person(n) for n in range(6)]


def wanted(project, by=BANKER, **others):
    told = CodeList(
        *(uuid4(), project.project_id, GROUND, BANK_OF_STATUSES, "a risk was found", 2, b""),
        *(ListState.REQUESTED, by, NOW),
    )
    return replace(told, **others)


async def codes(party, project, *people):
    coders = await party.keyring.coders(project)
    return [coders.units.code(one.digits.encode()) for one in people]


async def requested(party, project, *people, **others):
    told = await codes(party, project, *(people or PEOPLE[:2]))
    return await party.reidentifying.request(call(), wanted(project, **others), told)


async def approved(party, project, *people):
    one = await requested(party, project, *people)
    return await party.reidentifying.decide(call(), one.list_id, MEMBER, approved=True)


async def told(party, one, people, source=BANK_OF_STATUSES):
    made = call(source, "GetReidentifiedUnits")
    return await party.reidentifying.tell(made, one.list_id, [Unit(who) for who in people])


async def test_a_source_hears_who_of_its_own_is_meant_and_each_of_them_reads_it(party):
    project = await party.open()
    one = await approved(party, project, PEOPLE[1], PEOPLE[3])
    party.trail.entries.clear()

    answer = await told(party, one, PEOPLE[:4])

    assert list(answer.meant) == [False, True, False, True]
    assert party.trail.persons() == [PEOPLE[1], PEOPLE[3]]
    head = party.trail.entries[0]
    assert (head.legal_context, head.persons) == (GROUND, 2)
    assert head.party.customer.cbe_number == BANK_OF_STATUSES
    # It was access that said so, about the source and on the ground.
    assert (BANK_OF_STATUSES, GROUND) in {asked[:2] for asked in party.access.asked}


async def test_a_number_that_was_replaced_is_meant_as_that_of_today(party):
    project = await party.open()
    party.numbers.replaced[PEOPLE[4]] = PEOPLE[1]
    one = await approved(party, project, PEOPLE[1])

    assert list((await told(party, one, [PEOPLE[4], PEOPLE[5]])).meant) == [True, False]


async def test_one_person_leads_nobody_back(party):
    project = await party.open()
    one = await requested(party, project, by=Actor("bank.nine", Office.BANK))

    with pytest.raises(ReidentificationUnknown):
        await told(party, one, PEOPLE)
    for name, failure in (("bank.nine", SecondPersonNeeded), ("", OperatorNameless)):
        member = Actor(name, Office.COMMITTEE)
        with pytest.raises(failure):
            await party.reidentifying.decide(call(), one.list_id, member, approved=True)
    mixed = Actor(BANKER.name, Office.COMMITTEE)
    with pytest.raises(OfficesMixed):
        await party.reidentifying.decide(call(), one.list_id, mixed, approved=True)
    assert party.trail.refusals()[-3:] == [
        *("SECOND_PERSON_NEEDED", "OPERATOR_NAMELESS", "OFFICES_MIXED")
    ]


async def test_who_decided_a_list_requests_none(party):
    project = await party.open()
    await approved(party, project)
    member = Actor(MEMBER.name, Office.BANK)

    with pytest.raises(OfficesMixed):
        await requested(party, project, by=member)


async def test_only_one_list_at_a_time(party):
    project = await party.open()
    first = await requested(party, project)

    with pytest.raises(ReidentificationPending):
        await requested(party, project)
    await party.reidentifying.end(call(), first.list_id, MEMBER)
    second = await requested(party, project)

    assert [one.state for one in await party.reidentifying.page(project.project_id, 0, 10)] == [
        *(ListState.ENDED, ListState.REQUESTED)
    ]
    assert second.sequence > first.sequence


async def test_a_list_that_is_over_is_answered_no_more_and_has_no_codes(party):
    project = await party.open()
    one = await approved(party, project)
    ended = await party.reidentifying.end(call(), one.list_id, BANKER)

    assert await party.reidentifying.end(call(), one.list_id, BANKER) == ended
    assert await party.lists.codes_of(one.list_id) is None
    with pytest.raises(ReidentificationUnknown):
        await told(party, one, PEOPLE)
    with pytest.raises(TransitionForbidden):
        await party.reidentifying.decide(call(), one.list_id, MEMBER, approved=False)


async def test_a_refused_list_opens_nothing(party):
    project = await party.open()
    one = await requested(party, project)
    refused = await party.reidentifying.decide(call(), one.list_id, MEMBER, approved=False)

    again = await party.reidentifying.decide(call(), one.list_id, MEMBER, approved=False)

    assert again == refused
    assert refused.state is ListState.REFUSED
    with pytest.raises(ReidentificationUnknown):
        await told(party, one, PEOPLE)
    with pytest.raises(TransitionForbidden):
        await party.reidentifying.end(call(), one.list_id, MEMBER)


async def test_only_the_source_of_the_list_hears_of_it(party):
    project = await party.open()
    one = await approved(party, project)

    for other in (HANDICAPS, UNIVERSITY, STRANGER):
        with pytest.raises(ReidentificationUnknown):
            await told(party, one, PEOPLE, other)
    with pytest.raises(SourceNotNamed):
        await requested(party, await party.open(), source=STRANGER)


async def test_a_ground_that_the_deliberation_does_not_name_leads_nobody_back(party):
    project = await party.open()
    one = await approved(party, project)
    party.access.fields.clear()

    answer = await told(party, one, PEOPLE)
    with pytest.raises(DeliberationMissing):
        await requested(party, await opened_before(party), PEOPLE[0])

    assert (answer.status.code.code, answer.meant) == ("MSG00013", ())
    assert party.trail.persons() == []


async def opened_before(party):
    """A project that opened while the deliberation was in force."""
    held, party.access.fields = party.access.fields, dict.fromkeys(PLAN.contracts, ("*",))
    project = await party.open()
    party.access.fields = held
    return project


async def test_nothing_leads_back_once_the_key_is_destroyed(party):
    project = await party.open()
    one = await approved(party, project)
    await party.projects.close(call(), project.project_id, BANKER, "")

    with pytest.raises(ReidentificationUnknown):
        await told(party, one, PEOPLE)
    with pytest.raises(ProjectNotOpen):
        await party.reidentifying.request(call(), wanted(project), [b"c" * 16])
    assert await party.lists.codes_of(one.list_id) is None


async def test_nothing_leads_back_after_the_last_day(party):
    project = await party.open()
    one = await approved(party, project)
    late = replace(call(BANK_OF_STATUSES), day=PLAN.end_date + timedelta(days=1))

    with pytest.raises(ProjectEnded):
        await party.reidentifying.tell(late, one.list_id, [Unit(PEOPLE[0])])


async def test_nobody_is_told_without_the_trail(party):
    project = await party.open()
    one = await approved(party, project)
    party.trail.away = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await told(party, one, PEOPLE)


async def test_a_country_is_not_asked_through(party):
    project = await party.open(replace(PLAN, population=replace(PLAN.population, most_units=5)))
    one = await approved(party, project)
    await told(party, one, PEOPLE[:4])

    with pytest.raises(NumbersSpent):
        await told(party, one, PEOPLE[:2])


async def test_a_repeat_is_known_and_another_list_under_its_name_refused(party):
    project = await party.open()
    one, told_codes = wanted(project), await codes(party, project, *PEOPLE[:2])
    first = await party.reidentifying.request(call(), one, told_codes)

    again = await party.reidentifying.request(call(), one, told_codes[::-1])
    with pytest.raises(RequestReused):
        await party.reidentifying.request(call(), one, await codes(party, project, PEOPLE[3]))
    with pytest.raises(ProjectUnknown):
        await party.reidentifying.page(uuid4(), 0, 10)

    assert again == first
    assert first.requested_at == NOW
    assert NOW.date() == TODAY


async def test_units_of_another_kind_are_refused(party):
    project = await party.open()
    one = await approved(party, project)
    made = call(BANK_OF_STATUSES)

    with pytest.raises(InvalidArgument):
        await party.reidentifying.tell(made, one.list_id, [Unit(BANK_OF_STATUSES)])
