"""Subscriptions, on both stores: given on a deliberation, ended with it, matched when it counts."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.admission.errors import OrganizationUnknown
from services.admission.model import Call, Mode, Stage
from services.admission.usecases import Admission, Operators
from services.concepts.code_lists import code_lists
from services.concepts.decision import Denied
from services.concepts.head import Head
from services.concepts.party import Certificate
from services.concepts.user_id import UserId
from services.directory.errors import SubscriptionUnknown
from services.directory.model import (
    Asked,
    DeliveryMode,
    Distribution,
    Ending,
    Event,
    QualityCode,
    Subscribing,
    Untold,
    Wish,
)
from services.directory.usecases import CatalogueKeeper, CatalogueMembers, Subscribers
from services.kit.errors import PeerUnavailable
from services.kit.ids import uuid7
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    FEDERAL,
    FINGERPRINT,
    NOW,
    PERSON,
    TODAY,
    TRIAL,
    contract,
    organization,
    period,
    registration,
    source,
)
from tests.services.directory.fakes import FakePeers

OTHER_KEY = "1a" * 32
CALL = Call(
    ticket=UUID(int=1),
    rpc="rpc",
    received_at=NOW,
    day=TODAY,
    certificate=Certificate(CENTRE, FINGERPRINT, ""),
)
OTHER_CALL = replace(CALL, certificate=Certificate(FEDERAL, OTHER_KEY, ""))
OFFICIAL = UserId("57631410249")
ASKED = Asked(Head("T1", CENTRE, "PCSW:MUTATIONS", OFFICIAL))
OTHER_ASKED = replace(ASKED, head=replace(ASKED.head, customer=FEDERAL))
EVENT = Event(PERSON, TRIAL, "R010")


def wish(**changed):
    fields = {
        "contract": TRIAL,
        "event_type": "",
        "quality_codes": (QualityCode(1), QualityCode(2)),
        "minimum_phase": 0,
        "fields": (),
        "mode": DeliveryMode.QUEUE,
        "period": period("2026-01-01"),
    }
    return Wish(**fields | changed)


def subscribing(asked=ASKED, **changed):
    return Subscribing(asked, wish(**changed))


@pytest.fixture
def peers():
    return FakePeers()


@pytest.fixture
async def subscribers(kept, peers):
    """A directory in which the centre knows one person in quality 002."""
    await kept.shelf.store_organizations(
        [
            organization(public_key_sha256=(FINGERPRINT,)),
            source(public_key_sha256=(OTHER_KEY,)),
        ]
    )
    await kept.shelf.store_contracts([contract()])
    keys = (await kept.store.holdings()).keys
    await kept.shelf.register([registration(keys[CENTRE], quality=2, phase=3)])
    keeper = CatalogueKeeper(
        kept.store, interval=timedelta(0), maximum_age=timedelta(minutes=1), today=lambda: TODAY
    )
    await keeper.refresh()
    return Subscribers(
        keeper,
        kept.subscriptions,
        kept.store,
        Admission(CatalogueMembers(keeper), peers, peers),
        Operators(peers),
        code_lists(),
        uuid7,
    )


async def subscribed(subscribers, **changed):
    _, given = await subscribers.subscribe(CALL, subscribing(**changed))
    return given


async def told(subscribers, event=EVENT, today=TODAY):
    (found,) = await subscribers.locate([event], today)
    return [*found.told]


async def test_a_subscription_is_given_under_the_deliberation_and_on_the_trail(subscribers, peers):
    status, given = await subscribers.subscribe(CALL, subscribing())

    assert status.code.code == "MSG00000"
    assert (given.subscriber, given.deliberation) == (CENTRE, peers.verdict.deliberation)
    assert [entry.stage for entry in peers.entries] == [Stage.ACT]
    assert peers.checked[0][-1] is Mode.PUSH


REFUSED = [
    ({}, {"verdict": Denied("MODE_NOT_COVERED", None, "s")}, "MSG00013", "MODE_NOT_COVERED"),
    ({"contract": replace(TRIAL, version=9)}, {}, "MSG00013", "DATA_CONTRACT_UNKNOWN"),
    ({"quality_codes": (QualityCode(110),)}, {}, "MSG00008", "CONTENT_INVALID"),
    ({"quality_codes": (QualityCode(999),)}, {}, "MSG00008", "CONTENT_INVALID"),
]


@pytest.mark.parametrize(("changed", "said", "code", "reason"), REFUSED)
async def test_what_is_not_covered_is_refused_and_the_try_is_on_the_trail(
    subscribers, peers, changed, said, code, reason
):
    vars(peers).update(said)

    status, given = await subscribers.subscribe(CALL, subscribing(**changed))

    assert (status.code.code, given) == (code, None)
    assert [entry.reason for entry in peers.entries] == [reason]
    assert subscribers.catalogues.current().subscriptions == {}


@pytest.mark.parametrize(
    ("granted", "reason"),
    [
        ({"quality_codes": frozenset({QualityCode(1)})}, "QUALITY_NOT_COVERED"),
        ({"fields": ("rights", "evolution_of_request")}, "FIELDS_NOT_COVERED"),
    ],
)
async def test_neither_qualities_nor_fields_go_beyond_the_grant(
    subscribers, peers, granted, reason
):
    peers.verdict = replace(peers.verdict, **granted)

    _, given = await subscribers.subscribe(CALL, subscribing(fields=("rights.name", "cards")))

    assert given is None
    assert peers.entries[0].reason == reason


async def test_nothing_is_given_that_the_trail_does_not_have(subscribers, peers):
    peers.away["record"] = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await subscribers.subscribe(CALL, subscribing())

    assert subscribers.catalogues.current().subscriptions == {}


async def test_who_knows_the_person_is_told(subscribers):
    given = await subscribed(subscribers)

    (one,) = await told(subscribers)

    assert (one.subscription, one.quality_codes) == (given, (2,))


NOT_TOLD = [
    ({"quality_codes": (QualityCode(1),)}, {}),
    ({"minimum_phase": 4}, {}),
    ({"event_type": "R001"}, {}),
    ({"period": period("2026-11-25")}, {}),
    ({"period": period("2026-01-01", "2026-11-23")}, {}),
    ({}, {"event": replace(EVENT, person=ANOTHER)}),
    ({}, {"event": replace(EVENT, contract=replace(TRIAL, version=2))}),
    ({}, {"today": date(2019, 12, 31)}),
]


@pytest.mark.parametrize(("changed", "asked"), NOT_TOLD)
async def test_nobody_is_told_whom_the_subscription_does_not_mean(subscribers, changed, asked):
    await subscribed(subscribers, **changed)

    assert await told(subscribers, **asked) == []


async def test_a_subscription_ends_with_its_deliberation(subscribers, peers):
    await subscribed(subscribers)
    peers.verdict = Denied("NOT_IN_FORCE", None, "s")

    (found,) = await subscribers.locate([EVENT], TODAY)

    assert found == Distribution((), (Untold(CENTRE, (QualityCode(2),)),))


async def test_who_may_know_it_in_some_qualities_is_told_in_those_only(kept, subscribers, peers):
    await subscribed(subscribers, quality_codes=(QualityCode(1), QualityCode(2)))
    keys = (await kept.store.holdings()).keys
    await kept.shelf.register([registration(keys[CENTRE], quality=1, phase=3)])
    peers.verdict = replace(peers.verdict, quality_codes=frozenset({QualityCode(2)}))

    (found,) = await subscribers.locate([EVENT], TODAY)

    assert [one.quality_codes for one in found.told] == [(QualityCode(2),)]
    assert found.untold == (Untold(CENTRE, (QualityCode(1),)),)


async def test_what_is_no_longer_granted_no_longer_goes_along(subscribers, peers):
    await subscribed(subscribers, fields=("rights", "cards"))
    peers.verdict = replace(peers.verdict, fields=("cards",))

    (one,) = await told(subscribers)

    assert one.fields == ("cards",)


async def test_nobody_is_told_while_access_is_away(subscribers, peers):
    await subscribed(subscribers)
    peers.away["check"] = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await told(subscribers)


async def test_access_is_asked_once_for_all_persons_of_one_purpose(subscribers, peers):
    await subscribed(subscribers)
    peers.checked.clear()

    found = await subscribers.locate([EVENT] * 50, TODAY)

    assert [len(some.told) for some in found] == [1] * 50
    assert len(peers.checked) == 1


async def test_the_subscription_follows_the_person_to_another_number(kept, subscribers):
    await subscribed(subscribers)
    keys = (await kept.store.holdings()).keys

    await kept.shelf.register([registration(keys[CENTRE], person=ANOTHER, quality=2)])

    assert len(await told(subscribers, replace(EVENT, person=ANOTHER))) == 1


async def test_a_subscription_that_was_ended_tells_until_its_last_day(subscribers, peers):
    given = await subscribed(subscribers)

    await subscribers.unsubscribe(CALL, Ending(ASKED, given.key, TODAY))
    await subscribers.unsubscribe(CALL, Ending(ASKED, given.key, TODAY + timedelta(days=9)))

    assert len(await told(subscribers)) == 1
    assert await told(subscribers, today=TODAY + timedelta(days=1)) == []
    assert [entry.stage for entry in peers.entries] == [Stage.ACT] * 3
    assert {entry.call.head.user for entry in peers.entries} == {OFFICIAL}


async def test_the_subscription_of_another_is_unknown(subscribers):
    given = await subscribed(subscribers)

    with pytest.raises(SubscriptionUnknown):
        await subscribers.unsubscribe(OTHER_CALL, Ending(OTHER_ASKED, given.key, TODAY))

    assert len(await told(subscribers)) == 1


async def test_a_stranger_gets_nothing(subscribers, peers):
    stranger = replace(CALL, certificate=Certificate(CENTRE, OTHER_KEY, ""))

    with pytest.raises(OrganizationUnknown):
        await subscribers.subscribe(stranger, subscribing())

    assert peers.entries[0].reason == "ORGANIZATION_UNKNOWN"


async def test_one_that_has_ended_can_be_ended_again_and_is_listed_until_its_last_day(subscribers):
    given = await subscribed(subscribers)
    await subscribers.unsubscribe(CALL, Ending(ASKED, given.key, TODAY))
    later = replace(CALL, day=TODAY + timedelta(days=400))

    await subscribers.unsubscribe(later, Ending(ASKED, given.key, later.day))

    ([one], _) = await subscribers.list_own(CALL, ASKED, None, 2)
    assert one.wish.period.end == TODAY
    assert await subscribers.list_own(later, ASKED, None, 2) == ([], None)


async def test_everybody_lists_its_own_page_after_page(subscribers):
    given = [await subscribed(subscribers, event_type=f"R{n}") for n in range(3)]

    first, last = await subscribers.list_own(CALL, ASKED, None, 2)
    second, end = await subscribers.list_own(CALL, ASKED, last, 2)

    assert (first + second, end) == (given, None)
    assert await subscribers.list_own(OTHER_CALL, OTHER_ASKED, None, 2) == ([], None)


async def test_an_operator_sees_who_would_be_told_once_the_trail_has_it(subscribers, peers):
    await subscribed(subscribers)

    found = await subscribers.preview(CALL, EVENT, "a complaint")

    assert len(found) == 1
    entry = peers.entries[-1]
    assert (entry.stage, entry.person) == (Stage.OUTCOME, PERSON)
    assert entry.reading_reason == "a complaint"


async def test_an_operator_sees_nothing_that_the_trail_does_not_have(subscribers, peers):
    await subscribed(subscribers)
    peers.away["record"] = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await subscribers.preview(CALL, EVENT, "a complaint")
