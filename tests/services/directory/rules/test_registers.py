"""Whose dossiers a register means, to whom."""

import pytest

from services.admission import rules as admission
from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.admission.model import Party
from services.concepts.organization import SectorInstitution
from services.concepts.party import Certificate
from services.directory.model import Holdings, OrganizationKey, Register
from services.directory.rules import registers
from services.directory.rules.catalogues import catalogue_of
from tests.services.directory.examples import (
    CENTRE,
    FEDERAL,
    FINGERPRINT,
    NETWORK,
    NOBODY,
    REGION,
    organization,
    source,
)

PRIMARY, SECONDARY, ALL = Register
MANAGER = organization(
    NETWORK,
    place=SectorInstitution(17, 0),
    manages=(CENTRE,),
    public_key_sha256=(FINGERPRINT,),
)
BODY = organization()
OTHER_BODY = organization(REGION)
ALONE = source()
EVERYBODY = [MANAGER, BODY, OTHER_BODY, ALONE]
CATALOGUE = catalogue_of(
    Holdings({one.cbe_number: OrganizationKey(n) for n, one in enumerate(EVERYBODY)}, EVERYBODY, [])
)
WRITTEN = [
    (Party(ALONE, ALONE), PRIMARY, [(PRIMARY, ALONE)]),
    (Party(ALONE, ALONE), ALL, [(PRIMARY, ALONE)]),
    (Party(ALONE, ALONE), SECONDARY, []),
    (Party(BODY, BODY), SECONDARY, [(SECONDARY, BODY)]),
    (Party(BODY, BODY), PRIMARY, []),
    (Party(BODY, BODY), ALL, []),
    (Party(MANAGER, BODY), SECONDARY, [(SECONDARY, BODY)]),
    (Party(MANAGER, BODY), PRIMARY, [(PRIMARY, MANAGER)]),
    (Party(MANAGER, BODY), ALL, [(PRIMARY, MANAGER), (SECONDARY, BODY)]),
    (Party(MANAGER, MANAGER), PRIMARY, [(PRIMARY, MANAGER)]),
]


@pytest.mark.parametrize(("party", "register", "holders"), WRITTEN)
def test_a_register_is_written_by_those_to_whom_it_is_open(party, register, holders):
    assert list(registers.writable_registers(party, register, CATALOGUE)) == holders


READABLE = [
    (Party(BODY, BODY), ALL, None, [(SECONDARY, BODY), (PRIMARY, MANAGER), (PRIMARY, OTHER_BODY)]),
    (Party(BODY, BODY), PRIMARY, 17, [(PRIMARY, MANAGER), (PRIMARY, OTHER_BODY)]),
    (Party(BODY, BODY), SECONDARY, 17, [(SECONDARY, BODY)]),
    (Party(MANAGER, MANAGER), SECONDARY, None, [(SECONDARY, BODY)]),
    (Party(ALONE, ALONE), ALL, 16, [(PRIMARY, ALONE)]),
    (Party(ALONE, ALONE), ALL, 17, []),
    (Party(ALONE, ALONE), SECONDARY, None, []),
]


@pytest.mark.parametrize(("party", "register", "sector", "holders"), READABLE)
def test_of_registrations_everybody_reads_its_own_sector(party, register, sector, holders):
    assert set(registers.readable(party, register, sector, CATALOGUE)) == set(holders)


@pytest.mark.parametrize(
    ("certificate", "customer", "failure"),
    [
        (Certificate(NETWORK, "00" * 32, ""), CENTRE, OrganizationUnknown),
        (Certificate(None, FINGERPRINT, ""), CENTRE, OrganizationUnknown),
        (Certificate(NOBODY, FINGERPRINT, ""), CENTRE, OrganizationUnknown),
        (Certificate(NETWORK, FINGERPRINT, ""), FEDERAL, CustomerNotTheCaller),
        (Certificate(NETWORK, FINGERPRINT, ""), SectorInstitution(17, 1), CustomerNotTheCaller),
    ],
)
def test_who_may_not_act_for_a_customer_is_turned_away(certificate, customer, failure):
    with pytest.raises(failure):
        admission.party(certificate, customer, CATALOGUE.organizations)


@pytest.mark.parametrize("customer", [CENTRE, NETWORK, SectorInstitution(17, 0)])
def test_a_managing_institution_acts_for_itself_and_for_its_network(customer):
    party = admission.party(
        Certificate(NETWORK, FINGERPRINT, ""), customer, CATALOGUE.organizations
    )

    assert party == Party(MANAGER, BODY if customer == CENTRE else MANAGER)
