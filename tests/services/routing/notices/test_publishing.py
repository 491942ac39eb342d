"""What a source may publish, where it goes, and that repeating it changes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.admission.errors import OrganizationUnknown
from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.quality_code import DEFINITIVE
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.status import status
from services.kit.errors import PeerUnavailable
from services.routing.errors import NoSource
from services.routing.model import Payload
from services.routing.notices.model import EventKind, Untold, Unusable
from tests.services.routing.examples import (
    CENTRE,
    FIRST,
    MANAGER,
    NAME,
    PERSON,
    SUCCESSOR,
    Result,
    catalogue,
    contract,
)
from tests.services.routing.notices.examples import NOW, Country, content, event, subscriber

DISTRIBUTED, REFUSED = "MSG00000", "MSG00008"


def codes(outcomes):
    return [one.status.code.code for one in outcomes]


def blamed(outcome):
    return dict(outcome.status.information).get("field")


async def test_an_event_goes_to_every_subscriber_in_each_quality():
    country = Country()

    (outcome,) = await country.publish(event())

    assert codes([outcome]) == [DISTRIBUTED]
    assert [(a.organization, a.quality_code) for a in outcome.addressees] == [
        (CENTRE, "001"),
        (CENTRE, "002"),
        (MANAGER, "001"),
        (MANAGER, "002"),
    ]
    assert country.wakeups.announced == sorted([CENTRE.digits, MANAGER.digits])
    assert [one.reference for one, _ in country.trail.published] == ["r-1"]


async def test_its_source_reads_who_is_not_told_and_why_in_each_quality():
    country = Country()
    country.directory.untold = (Untold(MANAGER, ("003", "004"), "300010"),)

    (outcome,) = await country.publish(event())

    refused = [one for one in outcome.addressees if one.notice_id is None]
    assert [(a.organization, a.quality_code, a.refusal_code) for a in refused] == [
        (MANAGER, "003", "300010"),
        (MANAGER, "004", "300010"),
    ]
    country.directory.told = ()
    assert codes(await country.publish(event("r-2"))) == ["MSG00100"]


def submission(*only, reply_by=NOW + timedelta(days=5), **changes):
    return event(kind=EventKind.SUBMISSION, reply_by=reply_by, only=frozenset(only), **changes)


async def test_a_message_goes_to_those_whom_it_is_for_and_its_sender_learns_no_more():
    country = Country()
    country.directory.told = (subscriber(),)
    country.directory.untold = (Untold(MANAGER, ("003", "004"), "300010"),)

    (outcome,) = await country.publish(submission(CENTRE, MANAGER, FIRST))

    assert {one.organization for one in outcome.addressees if one.notice_id} == {CENTRE}
    # Of these one knows the person, and the other does not.
    refused = [one for one in outcome.addressees if one.notice_id is None]
    assert [(one.organization, one.quality_code, one.refusal_code) for one in refused] == [
        (MANAGER, "", "300010"),
        (FIRST, "", "300010"),
    ]
    assert country.store.events[0].expires_at == NOW + timedelta(days=5)


@pytest.mark.parametrize("wait", [timedelta(0), timedelta(days=31)])
async def test_an_answer_is_wanted_later_and_within_a_month(wait):
    (outcome,) = await Country().publish(submission(reply_by=NOW + wait))

    assert outcome.status.information == (("field", "reply_by"),)


async def test_a_message_for_others_or_until_another_day_is_another_message():
    country = Country()
    await country.publish(submission(CENTRE))

    outcomes = await country.publish(
        submission(MANAGER), submission(CENTRE, reply_by=NOW + timedelta(1)), submission(CENTRE)
    )

    assert codes(outcomes) == ["MSG00008", "MSG00008", DISTRIBUTED]
    assert len(country.store.events) == 1


async def test_a_message_that_comes_again_later_is_the_same():
    country = Country()
    await country.publish(submission(CENTRE))

    (again,) = await country.publish(submission(CENTRE, occurred_at=NOW + timedelta(minutes=1)))

    assert (again.is_repeat, len(country.store.events)) == (True, 1)


async def test_a_supplier_that_nobody_can_ask_publishes_about_whom_it_knows_in_its_qualities():
    country = Country()
    silent = replace(contract, sources=(), suppliers={SectorInstitution(16, 0): frozenset({2})})
    country.catalogues.catalogue = replace(catalogue, contracts={NAME: silent})

    assert codes(await country.publish(event())) == [DISTRIBUTED]
    with pytest.raises(NoSource):
        await country.publish(event("r-2"), organization=CENTRE)

    assert country.directory.asked == {2, DEFINITIVE}


async def test_nothing_goes_on_with_a_message():
    country = Country()
    await country.publish(submission())

    (change,) = await country.publish(event("r-2", EventKind.CHANGE, attestation="r-1"))

    assert change.status.information == (("field", "kind"),)


async def test_an_event_that_nobody_is_to_be_told_of_is_kept_and_says_so():
    country = Country()
    country.directory.told = ()

    assert codes(await country.publish(event())) == ["MSG00100"]
    assert len(country.store.events) == 1


async def test_a_repeat_changes_nothing_and_gives_the_first_outcome():
    country = Country()
    (first,) = await country.publish(event())
    country.directory.told = ()

    (again,) = await country.publish(event())

    assert again == replace(first, is_repeat=True)
    assert len(country.store.events) == 1
    assert len(country.trail.published) == 1


async def test_a_repeat_within_one_call_has_one_effect():
    country = Country()

    outcomes = await country.publish(event(), event())

    assert [one.is_repeat for one in outcomes] == [False, True]
    assert len(country.store.events) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": content("other")},
        {"payload": None},
        {"occurred_at": NOW - timedelta(1)},
        {"event_type": "R010"},
        {"person": SUCCESSOR},
    ],
)
async def test_other_content_under_a_used_reference_is_refused(changes):
    country = Country()
    await country.publish(event())

    (outcome,) = await country.publish(event(**changes))

    assert (codes([outcome]), blamed(outcome)) == ([REFUSED], "reference")
    assert len(country.store.events) == 1


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (ResolvedSsin(SsinState.UNKNOWN), "MSG00005"),
        (ResolvedSsin(SsinState.CANCELED), "MSG00005"),
        (ResolvedSsin(SsinState.REPLACED, SUCCESSOR), "MSG00006"),
    ],
)
async def test_a_number_that_is_not_in_use_is_refused(state, code):
    country = Country()
    country.identification.became[PERSON] = state

    (outcome,) = await country.publish(event())

    assert codes([outcome]) == [code]
    assert outcome.replaced_by == state.replaced_by
    assert country.store.events == []


async def test_a_person_whom_the_source_has_not_integrated_is_refused():
    country = Country()
    country.directory.integrated = frozenset()

    assert codes(await country.publish(event())) == ["MSG00012"]


@pytest.mark.parametrize(
    "payload",
    [
        Payload("example.v1.Criteria", b""),
        Payload("example.v1.Result", b"\xff"),
        Payload("example.v1.Result", Result(plain="x").SerializeToString() + b"\xf8\x07\x01"),
    ],
    ids=["of another type", "unreadable", "with an undeclared field"],
)
async def test_content_that_is_not_of_the_contract_is_refused(payload):
    (outcome,) = await Country().publish(event(payload=payload))

    assert (codes([outcome]), blamed(outcome)) == ([REFUSED], "data")


async def test_an_event_of_the_future_is_refused_beyond_what_clocks_differ():
    outcomes = await Country().publish(
        event("r-1", occurred_at=NOW + timedelta(minutes=4)),
        event("r-2", occurred_at=NOW + timedelta(minutes=6)),
    )

    assert codes(outcomes) == [DISTRIBUTED, REFUSED]
    assert blamed(outcomes[1]) == "occurred_at"


C, X, R = EventKind.CHANGE, EventKind.CANCEL, EventKind.REACTIVATE


@pytest.mark.parametrize(
    ("course", "fits"),
    [
        ([C, C, X, R, C, X], [True] * 6),
        ([R], [False]),
        ([X, C], [True, False]),
        ([X, X], [True, False]),
        ([X, R, R], [True, True, False]),
    ],
)
async def test_an_attestation_goes_its_course(course, fits):
    country = Country()
    await country.publish(event())

    outcomes = [
        (await country.publish(event(f"s-{n}", kind, attestation="r-1")))[0]
        for n, kind in enumerate(course)
    ]

    assert [one.status.code.code == DISTRIBUTED for one in outcomes] == fits


async def test_the_same_course_holds_within_one_call():
    outcomes = await Country().publish(
        event(),
        event("s-1", X, attestation="r-1"),
        event("s-2", X, attestation="r-1"),
        event("s-3", R, attestation="r-1"),
    )

    assert codes(outcomes) == [DISTRIBUTED, DISTRIBUTED, REFUSED, DISTRIBUTED]


async def test_what_is_out_of_order_or_about_somebody_else_is_refused():
    country = Country()
    country.directory.integrated |= {SUCCESSOR}
    await country.publish(event())

    outcomes = await country.publish(
        event("s-1", C, attestation="r-1", occurred_at=NOW - timedelta(seconds=1)),
        event("s-2", C, attestation="r-1", person=SUCCESSOR),
        event("s-3", C, attestation="r-9"),
    )

    assert [blamed(one) for one in outcomes] == [
        "occurred_at",
        "attestation_reference",
        "attestation_reference",
    ]


async def test_what_cannot_be_understood_keeps_its_place():
    unusable = Unusable("bad", status("MSG00011"))

    outcomes = await Country().publish(unusable, event())

    assert codes(outcomes) == ["MSG00011", DISTRIBUTED]


@pytest.mark.parametrize(
    ("how", "failure"),
    [
        ({"organization": CENTRE}, NoSource),
        ({"contract": ContractName("OTHER", 1)}, NoSource),
        ({"organization": EnterpriseNumber(999_999_922)}, OrganizationUnknown),
    ],
)
async def test_who_is_no_source_is_turned_away_on_the_trail(how, failure):
    country = Country()

    with pytest.raises(failure):
        await country.publish(event(), **how)

    assert country.trail.turned_away == [failure.reason()]
    assert country.store.events == []


async def test_nothing_is_published_without_the_trail():
    country = Country()
    country.trail.fault = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await country.publish(event())

    assert country.store.events == []
    assert country.wakeups.announced == []
