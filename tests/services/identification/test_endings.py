"""A call that is given up while the National Register is asked has an ending in the trail."""

import asyncio

import pytest

from services.admission.model import Stage
from services.concepts.failures import Failure
from services.kit.errors import PeerUnavailable, StoreUnavailable
from tests.services.identification.test_national_register import (
    JAN,
    SEARCHES,
    gateway,
    known,
    parts,
    verification,
)
from tests.services.identification.test_public import creation, proof

__all__ = ["gateway", "parts"]  # Fixtures.

CALLS = [
    ("SearchPersons", SEARCHES[0], None),
    ("SearchPersons", SEARCHES[1], JAN),
    ("VerifyPerson", verification(proof(JAN.digits)), JAN),
    ("CreateBisPerson", creation(), None),
]


@pytest.fixture
def reached(parts):
    """Set when the National Register is asked, which then never answers."""
    asked = asyncio.Event()

    async def hang(*_):
        asked.set()
        await asyncio.Event().wait()

    parts.register.look = parts.register.bearers = hang
    return asked


@pytest.mark.parametrize(("rpc", "request_", "person"), CALLS)
async def test_a_client_that_leaves_while_the_register_is_asked(
    parts, gateway, reached, rpc, request_, person
):
    call = asyncio.create_task(getattr(gateway, rpc)(request_))
    await reached.wait()

    call.cancel()
    await parts.trail.owes.wait()

    assert parts.trail.abandoned == [(Stage.OUTCOME, person, asyncio.CancelledError)]
    assert len(parts.trail.intents) == 1
    assert parts.trail.entries == []


@pytest.mark.parametrize(("rpc", "request_", "person"), CALLS)
async def test_an_outcome_that_cannot_be_written_is_owed(parts, gateway, rpc, request_, person):
    parts.register.known[JAN] = known()
    asked = parts.register.look, parts.register.bearers

    def leaving(ask):
        async def answered(*question):
            parts.trail.away = True
            return await ask(*question)

        return answered

    parts.register.look, parts.register.bearers = map(leaving, asked)

    with pytest.raises(Failure):
        await getattr(gateway, rpc)(request_)

    assert set(parts.trail.abandoned) == {(Stage.OUTCOME, person, PeerUnavailable)}


async def test_a_store_that_fails_after_the_register_has_answered(parts, gateway, monkeypatch):
    async def fail(*_):
        raise StoreUnavailable

    monkeypatch.setattr(type(parts.registers), "list_shown", fail)

    with pytest.raises(Failure):
        await gateway.VerifyPerson(verification(proof(JAN.digits)))

    assert set(parts.trail.abandoned) == {(Stage.OUTCOME, JAN, StoreUnavailable)}


@pytest.mark.parametrize(("rpc", "request_", "_person"), CALLS)
async def test_what_ends_by_itself_is_not_given_up(parts, gateway, rpc, request_, _person):
    await getattr(gateway, rpc)(request_)

    assert parts.trail.abandoned == []
    assert len(parts.trail.entries) == 1


async def test_an_intent_that_may_be_in_the_trail_is_owed_an_ending(parts, gateway):
    parts.trail.away = True

    with pytest.raises(Failure):
        await gateway.SearchPersons(SEARCHES[1])

    assert set(parts.trail.abandoned) == {(Stage.OUTCOME, JAN, PeerUnavailable)}
    assert parts.register.asked == []
