"""Who calls is judged by what the registry knows now."""

import pytest

from services.access.model import Claim
from services.access.usecases import Callers
from services.admission.errors import OrganizationUnknown
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.reference import Organization
from services.kit.errors import ReferenceStale

CENTRE = parse_enterprise_number("0899990348")
KEY, OTHER = "a" * 64, "b" * 64
CLAIM = Claim(CENTRE, KEY, None)


async def test_a_key_that_was_withdrawn_ends_its_calls_and_an_admitted_one_begins():
    members = {CENTRE: Organization(CENTRE, "Centre", public_key_sha256=(KEY,))}
    callers = Callers(lambda: members)
    assert (await callers.check_caller(CLAIM)).customer.cbe_number == CENTRE

    members[CENTRE] = Organization(CENTRE, "Centre", public_key_sha256=(OTHER,))

    with pytest.raises(OrganizationUnknown):
        await callers.check_caller(CLAIM)
    assert await callers.check_caller(Claim(CENTRE, OTHER, None))


async def test_nobody_is_let_in_on_what_is_too_old():
    def stale():
        raise ReferenceStale

    with pytest.raises(ReferenceStale):
        await Callers(stale).check_caller(CLAIM)
