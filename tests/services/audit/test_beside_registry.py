"""What the registry keeps is proved with the trail: its acts stand in the log as they are, and what
is in force is what they made."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from cbss.registry.v1 import change_pb2, reference_pb2

from services.audit.log.verification.findings import Flaw
from services.audit.log.verification.signatures import Signatures
from services.audit.log.verification.whole import Store, verify_store
from services.audit.trail.wire.registry import decode_entries
from services.audit.verify.duties import beside
from services.kit.clock import utc_now
from tests.support.archives import act, archive

CENTRE = "0899990348"
ADMITTED, WITHDRAWN = UUID(int=21), UUID(int=22)
NETWORK = reference_pb2.NETWORK_PRIMARY


@pytest.fixture
async def registry(running):
    """The archive of a registry whose acts are in a signed log."""
    organization = reference_pb2.Organization(cbe_number=CENTRE, name="n", network=NETWORK)
    opening = change_pb2.Change(organization=organization)
    key = change_pb2.KeyOf(cbe_number=CENTRE, public_key_sha256="7e" * 32)
    withdrawing = change_pb2.Change(withdrawn_key=key)
    at = utc_now() - timedelta(minutes=1)
    acts = [act(ADMITTED, opening, at=at), act(WITHDRAWN, withdrawing, at=at)]
    for one in acts:
        await running.trail.record(decode_entries(one))
    await running.grow()
    return archive({"cbe_number": CENTRE}, acts=acts)


async def flaws(running, made):
    store = Store(
        dsn=running.database.owner_dsn,
        signatures=Signatures(running.storage, running.signer.verifier),
        beside=beside(made),
        patience=0,
    )
    verdict = await asyncio.to_thread(verify_store, store, 1, lambda done, of: None)
    return [(one.flaw, one.what) for one in verdict.findings]


async def test_acts_that_are_recorded_as_they_are_give_no_finding(running, registry):
    assert await flaws(running, registry) == []


async def test_an_organization_that_no_act_made_is_found(running, registry):
    registry.differing.append(CENTRE)

    assert await flaws(running, registry) == [(Flaw.REFERENCE, CENTRE)]


def another_content(registry):
    registry.acts[0].content_sha256 = b"\x08" * 32


def another_decider(registry):
    registry.acts[0].decided_by = "somebody.else"


def about_another(registry):
    registry.acts[0].changes[0].organization.cbe_number = "0899990447"


def never_recorded(registry):
    forged = act(UUID(int=23), registry.acts[0].changes[0], at=utc_now(), recorded=False)
    registry.acts.append(forged)


def said_to_be_recorded(registry):
    registry.acts.append(act(UUID(int=23), registry.acts[1].changes[0], at=utc_now()))


def gone(registry):
    del registry.acts[1]


@pytest.mark.parametrize(
    "bend",
    [another_content, another_decider, about_another, never_recorded, said_to_be_recorded, gone],
)
async def test_an_act_that_is_not_as_it_was_recorded_is_found(running, registry, bend):
    bend(registry)

    assert [flaw for flaw, _ in await flaws(running, registry)] == [Flaw.DUTY]


async def test_what_waits_or_withdrew_just_now_need_not_be_recorded(running, registry):
    for state, number in (("PREPARED", 31), ("APPROVED", 32)):
        opening = registry.acts[0].changes[0]
        registry.acts.append(
            act(UUID(int=number), opening, at=utc_now(), state=f"ACT_STATE_{state}", recorded=False)
        )
    withdrawing = registry.acts[1].changes[0]
    registry.acts.append(act(UUID(int=33), withdrawing, at=utc_now(), recorded=False))

    assert await flaws(running, registry) == []


async def test_an_act_that_was_decided_after_the_archive_was_read_is_not_missed(running, registry):
    late = act(UUID(int=41), registry.acts[1].changes[0], at=utc_now())
    await running.trail.record(decode_entries(late))
    await running.grow()
    registry.made_at.FromDatetime(utc_now() - timedelta(seconds=30))

    assert await flaws(running, registry) == []
