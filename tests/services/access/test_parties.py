"""Whom a deliberation can name, by what the registry knows."""

from dataclasses import replace

import grpc
import pytest
from cbss.access.v1 import deliberation_service_pb2 as pb

from services.access.store.parties import known_members
from services.access.wire.publishing import Publisher
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.organization import SectorInstitution
from services.kit.errors import ReferenceStale
from tests.services.directory.examples import CENTRE, FEDERAL, FINGERPRINT, organization
from tests.support.administering import proposing
from tests.support.deliberations import TODAY, deliberation
from tests.support.deliberations import organization as member


def test_who_is_a_member_of_the_network_is_known_with_place_kind_and_keys():
    one = organization(public_key_sha256=(FINGERPRINT,), kind="WELFARE_CENTRE")

    known = known_members([one])

    found = known.find(CENTRE)
    assert (found.name, found.place, found.kind) == (one.name, one.place, "WELFARE_CENTRE")
    assert found.public_keys == (FINGERPRINT,)
    assert known.knows(one.place)
    assert not known.knows(FEDERAL)
    assert not known.knows(SectorInstitution(999, 9))


async def test_an_organization_that_was_admitted_just_now_can_be_a_recipient(serving, one):
    number = parse_enterprise_number("0899991635")
    wish = proposing(recipients=[number.digits])
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await one.ProposeDeliberation(wish)

    serving.members.append(member(number, place=None))
    proposed = (await one.ProposeDeliberation(wish)).deliberation

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert [named.organization.cbe_number for named in proposed.recipients] == [number.digits]


async def test_an_organization_is_published_under_the_name_that_the_registry_has_now(serving, one):
    wish = proposing(recipients=[CENTRE.digits])
    serving.members[:] = [replace(member(CENTRE), name="Before")]
    before = (await one.ProposeDeliberation(wish)).deliberation

    serving.members[:] = [replace(member(CENTRE), name="After")]
    named = pb.GetDeliberationRequest(number=before.number, version=before.version)
    after = (await one.GetDeliberation(named)).deliberation

    assert [told.recipients[0].name for told in (before, after)] == ["Before", "After"]


async def test_what_is_done_or_read_waits_for_no_name_while_the_registry_is_away():
    def away():
        raise ReferenceStale

    named = deliberation(recipients=[CENTRE.digits])
    published = await Publisher(away, {}, lambda: TODAY).one(named)

    assert [(one.organization.cbe_number, one.name) for one in published.recipients] == [
        (CENTRE.digits, "")
    ]
