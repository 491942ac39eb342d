from dataclasses import replace

import pytest

from services.admission.errors import (
    CitizenUnknown,
    CustomerNotTheCaller,
    OrganizationUnknown,
    TokenEnded,
    TokenUnusable,
)
from services.admission.rules import citizen_of, party
from services.concepts.citizen import Citizen, Flaw
from services.concepts.organization import SectorInstitution
from services.concepts.ssin import parse_ssin
from tests.services.routing import examples as ex

MANAGER = replace(ex.certificate, organization=ex.MANAGER)


@pytest.mark.parametrize("customer", [ex.CENTRE, SectorInstitution(17, 1)])
def test_takes_an_organization_for_itself_in_either_of_its_names(customer):
    assert party(ex.certificate, customer, ex.catalogue.organizations).customer is ex.centre


def test_lets_a_managing_institution_ask_for_its_network():
    found = party(MANAGER, ex.CENTRE, ex.catalogue.organizations)

    assert found.caller is ex.manager
    assert found.customer is ex.centre


@pytest.mark.parametrize(
    "stranger",
    [
        replace(ex.certificate, organization=None),
        replace(ex.certificate, organization=replace(ex.CENTRE, number=207_401_743)),
        replace(ex.certificate, public_key_sha256="00" * 32),
    ],
)
def test_refuses_a_certificate_that_was_not_onboarded(stranger):
    with pytest.raises(OrganizationUnknown):
        party(stranger, ex.CENTRE, ex.catalogue.organizations)


@pytest.mark.parametrize(
    ("certificate", "customer"),
    [
        (ex.certificate, ex.MANAGER),
        (ex.certificate, SectorInstitution(16, 0)),
        # A place names many organizations: a managing institution must say which.
        (MANAGER, SectorInstitution(17, 1)),
        (MANAGER, ex.FIRST),
    ],
)
def test_refuses_a_customer_that_the_caller_may_not_ask_for(certificate, customer):
    with pytest.raises(CustomerNotTheCaller):
        party(certificate, customer, ex.catalogue.organizations)


CITIZEN = parse_ssin("71713000318")


@pytest.mark.parametrize(
    ("citizen", "why"),
    [
        (Citizen(None, "", Flaw.ENDED), TokenEnded),
        (Citizen(None, "", Flaw.UNUSABLE), TokenUnusable),
        (Citizen(CITIZEN, "https://other.test"), CitizenUnknown),
    ],
)
def test_refuses_who_is_no_citizen_and_says_why(citizen, why):
    with pytest.raises(why):
        citizen_of(citizen, {"https://provider.test"})


def test_takes_who_signed_in_for_the_person_that_the_issuer_names():
    citizen = Citizen(CITIZEN, "https://provider.test")

    assert citizen_of(citizen, {"https://provider.test"}) == CITIZEN
