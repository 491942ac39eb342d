"""The trail says what came of an act: done, nothing changed, refused, failed after all."""

from dataclasses import replace
from datetime import date

import pytest

from services.admission.model import Stage
from services.concepts.status import StatusValue
from services.concepts.trail import NOTHING_CHANGED
from services.directory.errors import (
    DossierOverlaps,
    RegisterBusy,
    SubscriptionUnknown,
)
from services.directory.model import QualityCode
from services.kit.errors import StoreUnavailable
from services.kit.ids import uuid7
from tests.services.directory.examples import ANOTHER
from tests.services.directory.usecases import test_subscribing as subscriptions
from tests.services.directory.usecases.test_registering import (
    ASKED,
    CALL,
    bank,
    listing,
    registering,
    unregistering,
)
from tests.services.directory.usecases.test_subscribing import peers, subscribers

__all__ = ["bank", "peers", "subscribers"]
ACT, OUTCOME = Stage.ACT, Stage.OUTCOME
SOMETHING, NOTHING = "MSG00000", "MSG00100"
# The centre knows the person since 2020 in quality 002: no more is asked for within that.
KNOWN = {"begin": date(2021, 1, 1), "end": date(2022, 1, 1)}


@pytest.mark.parametrize(
    ("method", "wanted", "said"),
    [
        ("register", registering(phase=4), (ACT, True, "", SOMETHING)),
        ("register", registering(**KNOWN), (ACT, True, NOTHING_CHANGED, SOMETHING)),
        ("unregister", unregistering(), (ACT, True, "", SOMETHING)),
        (
            "unregister",
            unregistering(quality_code=QualityCode(1)),
            (ACT, False, "NOT_REGISTERED", "CBSS10004"),
        ),
        ("list", listing(), (OUTCOME, True, "", SOMETHING)),
        ("list", listing(replace(ASKED, person=ANOTHER)), (OUTCOME, True, "", NOTHING)),
    ],
)
async def test_the_trail_says_what_came_of_it(bank, method, wanted, said):
    await getattr(bank.registry, method)(CALL, wanted)

    entry = bank.peers.entries[-1]
    assert (entry.stage, entry.permitted, entry.reason, entry.status.code.code) == said


async def test_unregistering_again_changes_nothing(bank):
    for _ in range(2):
        await bank.registry.unregister(CALL, unregistering())

    assert [(one.permitted, one.reason) for one in bank.peers.entries] == [
        (True, ""),
        (True, NOTHING_CHANGED),
    ]


async def test_a_last_day_in_the_next_registration_is_no_change(bank):
    await bank.registry.unregister(CALL, unregistering(end=date(2024, 1, 1)))
    await bank.registry.register(CALL, registering(begin=date(2025, 1, 1)))
    with pytest.raises(DossierOverlaps):
        await bank.registry.unregister(CALL, unregistering(end=date(2025, 6, 1)))

    assert (bank.peers.entries[-1].permitted, bank.peers.entries[-1].reason) == (
        False,
        "DOSSIER_OVERLAPS",
    )


@pytest.mark.parametrize("failure", [RegisterBusy(), StoreUnavailable()])
async def test_what_failed_after_all_is_no_change(bank, monkeypatch, failure):
    async def change(person, decide, witness):
        _, answer = decide(())
        await witness(answer)
        raise failure

    monkeypatch.setattr(bank.store, "change", change)
    with pytest.raises(type(failure)):
        await bank.registry.register(CALL, registering())

    acts = [one for one in bank.peers.entries if one.stage is ACT]
    assert [(one.permitted, one.reason) for one in acts] == [
        (True, ""),
        (False, failure.reason()),
    ]


async def ended(subscribers, key, call=subscriptions.CALL, asked=subscriptions.ASKED):
    await subscribers.unsubscribe(call, subscriptions.Ending(asked, key, date(2026, 11, 30)))


async def test_a_subscription_ends_once(subscribers, peers):
    given = await subscriptions.subscribed(subscribers)
    for _ in range(2):
        await ended(subscribers, given.key)

    assert [(one.permitted, one.reason) for one in peers.entries] == [
        (True, ""),
        (True, ""),
        (True, NOTHING_CHANGED),
    ]


async def test_ending_what_is_not_there_or_anothers_is_a_refused_act(subscribers, peers):
    given = await subscriptions.subscribed(subscribers)
    for key, who in (
        (uuid7(), (subscriptions.CALL, subscriptions.ASKED)),
        (given.key, (subscriptions.OTHER_CALL, subscriptions.OTHER_ASKED)),
    ):
        with pytest.raises(SubscriptionUnknown):
            await ended(subscribers, key, *who)

        entry = peers.entries[-1]
        assert (entry.stage, entry.permitted, entry.reason) == (ACT, False, "SUBSCRIPTION_UNKNOWN")


@pytest.mark.parametrize(("event", "value"), [("R010", 1), ("R011", 2)])
async def test_a_preview_says_whether_anybody_would_be_told(subscribers, peers, event, value):
    await subscriptions.subscribed(subscribers, event_type="R010")

    await subscribers.preview(
        subscriptions.CALL, replace(subscriptions.EVENT, event_type=event), "a complaint"
    )

    assert peers.entries[-1].status.code.value is StatusValue(value)
