"""Whom a deliberation can name, by what the registry knows."""

import grpc
import pytest

from services.access.store.parties import known_members
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.organization import SectorInstitution
from tests.services.directory.examples import CENTRE, FEDERAL, FINGERPRINT, organization
from tests.support.administering import proposing
from tests.support.deliberations import organization as member


def test_who_is_a_member_of_the_network_is_known_with_place_kind_and_keys():
    one = organization(public_key_sha256=(FINGERPRINT,), kind="WELFARE_CENTRE")

    known = known_members([one])

    found = known.find(CENTRE)
    assert (found.name, found.place, found.kind) == (one.name, one.place, "WELFARE_CENTRE")
    assert found.public_keys == {FINGERPRINT}
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
