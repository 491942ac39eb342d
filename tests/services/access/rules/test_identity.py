"""Who is calling and for whom: every way in which a claim holds, and every way it fails."""

import pytest

from services.access.model import Claim
from services.access.rules.identity import party
from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.organization import SectorInstitution
from tests.support.deliberations import CENTRE, WELFARE, organization

MANAGER = parse_enterprise_number("0899990249")
STRANGER = parse_enterprise_number("0899990546")
KEY, OTHER_KEY = "a" * 64, "b" * 64
ADMITTED = {
    CENTRE: organization(),
    MANAGER: organization(
        MANAGER, OTHER_KEY, place=SectorInstitution(17, 0), manages=[CENTRE, STRANGER]
    ),
}


@pytest.mark.parametrize(
    ("claim", "customer"),
    [
        (Claim(CENTRE, KEY, None), CENTRE),
        (Claim(CENTRE, KEY, CENTRE), CENTRE),
        (Claim(CENTRE, KEY, WELFARE), CENTRE),
        (Claim(MANAGER, OTHER_KEY, CENTRE), CENTRE),
        (Claim(MANAGER, OTHER_KEY, None), MANAGER),
    ],
)
def test_a_caller_acts_for_itself_or_for_whom_it_manages(claim, customer):
    found = party(claim, ADMITTED)

    assert (found.caller.cbe_number, found.customer.cbe_number) == (claim.organization, customer)


@pytest.mark.parametrize(
    "claim",
    [Claim(None, KEY, None), Claim(STRANGER, KEY, None), Claim(CENTRE, OTHER_KEY, None)],
)
def test_an_unknown_organization_or_key_is_nobody(claim):
    with pytest.raises(OrganizationUnknown):
        party(claim, ADMITTED)


@pytest.mark.parametrize(
    "claim",
    [
        Claim(CENTRE, KEY, MANAGER),
        Claim(CENTRE, KEY, SectorInstitution(17, 0)),
        # A place names hundreds of organizations; and whom it manages must be admitted itself.
        Claim(MANAGER, OTHER_KEY, WELFARE),
        Claim(MANAGER, OTHER_KEY, STRANGER),
    ],
)
def test_nobody_acts_for_a_stranger(claim):
    with pytest.raises(CustomerNotTheCaller):
        party(claim, ADMITTED)
