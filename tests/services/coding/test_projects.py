"""The life of projects: steps in order, by two offices, each in the trail before it is taken."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.coding.errors import (
    DeliberationMissing,
    OfficesMixed,
    OperatorNameless,
    PlanRefused,
    ProjectEnded,
    ProjectNotOpen,
    ProjectUnknown,
    RequestReused,
    SecondPersonNeeded,
    TransitionForbidden,
)
from services.coding.model import Actor, Office, State
from services.coding.rules import lives
from services.kit.errors import PeerUnavailable
from tests.services.coding.examples import (
    AGE,
    BANK_OF_STATUSES,
    BANKER,
    HANDICAP,
    MEMBER,
    PLAN,
    SECOND_BANKER,
    TODAY,
    call,
    person,
)

THIRD_BANKER = Actor("bank.three", Office.BANK)
PEOPLE = [person(n) for n in range(4)]


def as_member(actor):
    return Actor(actor.name, Office.COMMITTEE)


async def test_a_project_lives_from_the_request_to_the_end(party):
    project = await party.open()
    await party.send_all(project, PEOPLE)
    released = await party.release(project)
    await party.acknowledge(released, released.delivery.content_sha256)
    closed = await party.projects.close(call(), project.project_id, MEMBER, "done")

    assert [step.state for step in closed.steps] == [
        *(State.REQUESTED, State.FEASIBLE, State.APPROVED, State.OPEN),
        *(State.RELEASED, State.DELIVERED, State.CLOSED),
    ]
    # Every step is in the trail under the name that the project shows, the destruction after all.
    assert set(party.trail.ids()) == {*(s.record_id for s in closed.steps), closed.destruction}
    assert party.trail.ids()[-1] == closed.destruction == lives.destruction_id(closed)
    assert closed.delivery.delivered_at is not None


async def test_the_key_is_gone_when_the_project_is_closed(party):
    project = await party.open()
    await party.send_all(project, PEOPLE)
    assert await party.store.seed_of(project.project_id) is not None

    closed = await party.projects.close(call(), project.project_id, BANKER, "")

    assert await party.store.seed_of(project.project_id) is None
    assert [one async for one in party.rows.held(project.project_id)] == []
    assert closed.key_digest == project.key_digest != ""
    with pytest.raises(ProjectNotOpen):
        await party.keyring.coders(closed)


async def test_a_step_is_not_taken_without_the_trail(party):
    project = await party.approve()
    party.trail.away = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await party.projects.open(call(), project.project_id, BANKER)

    assert (await party.projects.get(project.project_id)).state is State.APPROVED
    assert await party.store.seed_of(project.project_id) is None


async def test_a_step_that_is_repeated_changes_nothing(party):
    project = await party.open()
    before = len(party.trail.entries)

    again = await party.projects.open(call(), project.project_id, BANKER)

    assert again == project
    assert len(party.trail.entries) == before


async def test_nobody_acts_in_both_offices(party):
    project, other = await party.request(), await party.request(by=THIRD_BANKER)
    named = project.project_id
    await party.projects.assess(call(), named, SECOND_BANKER, "", feasible=True)

    for one in (BANKER, SECOND_BANKER):
        with pytest.raises(SecondPersonNeeded):
            await party.projects.decide(call(), named, as_member(one), "", approved=True)
    with pytest.raises(OfficesMixed):
        await party.projects.decide(call(), named, as_member(THIRD_BANKER), "", approved=True)
    assert other.plan == PLAN
    nobody = Actor("", Office.COMMITTEE)
    with pytest.raises(OperatorNameless):
        await party.projects.decide(call(), project.project_id, nobody, "", approved=True)

    assert party.trail.refusals() == [
        *("SECOND_PERSON_NEEDED", "SECOND_PERSON_NEEDED"),
        *("OFFICES_MIXED", "OPERATOR_NAMELESS"),
    ]


@pytest.mark.parametrize("skipped", ["open", "release"])
async def test_no_step_is_left_out(party, skipped):
    project = await party.request()
    step = {
        "open": lambda: party.projects.open(call(), project.project_id, BANKER),
        "release": lambda: party.release(project),
    }[skipped]

    with pytest.raises(TransitionForbidden):
        await step()


async def test_a_refused_project_goes_nowhere(party):
    project = await party.request()
    await party.projects.assess(call(), project.project_id, BANKER, "no data", feasible=False)

    with pytest.raises(TransitionForbidden):
        await party.projects.decide(call(), project.project_id, MEMBER, "", approved=True)


async def test_opens_only_while_the_deliberation_grants_every_variable(party):
    project = await party.approve()

    for spoil in (
        lambda: party.access.fields.pop(HANDICAP),
        lambda: party.access.fields.update({HANDICAP: ("other",)}),
        lambda: setattr(party.access, "deliberation", "IVC/KSZG/99/001"),
    ):
        spoil()
        with pytest.raises(DeliberationMissing):
            await party.projects.open(call(), project.project_id, BANKER)
        party.access.fields[HANDICAP] = ("*",)


async def test_opens_no_project_after_its_last_day(party):
    project = await party.approve()
    late = replace(call(), day=PLAN.end_date + timedelta(days=1))

    with pytest.raises(ProjectEnded):
        await party.projects.open(late, project.project_id, BANKER)


async def test_what_ended_is_closed_by_the_service_itself(party):
    project = await party.open()
    await party.send_all(project, PEOPLE)

    def late():
        return replace(call(), day=PLAN.end_date + timedelta(days=1))

    assert await party.projects.close_ended(late) == 1
    closed = await party.projects.get(project.project_id)

    assert closed.state is State.CLOSED
    assert closed.destruction is not None
    assert await party.projects.close_ended(late) == 0


async def test_a_destruction_that_was_not_recorded_is_recorded_later(party):
    project = await party.open()
    step = lives.next_step(project, State.CLOSED, BANKER, project.steps[0].at, "")
    await party.store.advance(project, step)

    await party.projects.close_ended(call)

    assert (await party.projects.get(project.project_id)).destruction in party.trail.ids()


async def test_two_who_take_the_same_step_take_it_once(party):
    project = await party.open()
    step = lives.next_step(project, State.CLOSED, BANKER, project.steps[0].at, "")
    await party.store.advance(project, step)

    with pytest.raises(TransitionForbidden):
        await party.store.advance(project, step)


async def test_an_identification_names_one_plan(party):
    named = uuid4()
    await party.projects.request(call(), named, PLAN, BANKER)

    again = await party.projects.request(call(), named, PLAN, BANKER)
    with pytest.raises(RequestReused):
        await party.projects.request(call(), named, replace(PLAN, title="Other"), BANKER)

    assert again.plan == PLAN


async def test_names_everything_that_is_wrong_with_a_plan(party):
    wrong = replace(
        PLAN,
        recipient=BANK_OF_STATUSES,
        end_date=TODAY - timedelta(days=1),
        variables=(AGE, replace(AGE, contract=HANDICAP), replace(AGE, name="Age")),
    )

    with pytest.raises(PlanRefused) as refused:
        await party.request(wrong)

    assert {one.field for one in refused.value.violations} == {
        "plan.recipient_cbe_number",
        "plan.end_date",
        "plan.variables",
        "plan.variables[1].source_cbe_number",
        "plan.variables[2].name",
    }


async def test_everybody_reads_projects_in_the_order_of_their_requests(party):
    first, second = await party.request(), await party.request()

    assert [one.project_id for one in await party.projects.page(0, 10)] == [
        first.project_id,
        second.project_id,
    ]
    assert await party.projects.page(second.sequence, 10) == []
    with pytest.raises(ProjectUnknown):
        await party.projects.get(uuid4())
