"""What the head of a request says, and which heads cannot be used."""

import pytest
from cbss.common.v1 import information_pb2, organization_pb2

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import InvalidArgument
from services.concepts.head import Head
from services.concepts.organization import SectorInstitution
from services.concepts.party import NO_CERTIFICATE, Certificate
from services.kit.caller import Caller, ClientCertificate
from services.wire.head import decode_certificate, decode_head

CENTRE = organization_pb2.Organization(cbe_number="0899990348")
PLACE = organization_pb2.SectorInstitution(sector=17, institution=1)


def told(ticket="t-1", customer=CENTRE):
    return information_pb2.InformationCustomer(ticket=ticket, customer_identification=customer)


@pytest.mark.parametrize(
    ("customer", "named"),
    [
        (CENTRE, EnterpriseNumber(899990348)),
        (organization_pb2.Organization(sector_institution=PLACE), SectorInstitution(17, 1)),
    ],
)
def test_a_customer_is_named_by_number_or_by_place(customer, named):
    assert decode_head(told(customer=customer), "PCSW:EXAMPLE") == Head(
        "t-1", named, "PCSW:EXAMPLE"
    )


def test_a_purpose_is_empty_only_where_none_is_asked():
    assert decode_head(told(), None).legal_context == ""
    with pytest.raises(InvalidArgument):
        decode_head(told(), "")


@pytest.mark.parametrize(
    ("unusable", "field"),
    [
        (told(ticket=""), "ticket"),
        (told(ticket="x" * 37), "ticket"),
        (told(customer=None), "customer_identification"),
        (
            told(customer=organization_pb2.Organization(cbe_number="1")),
            "customer_identification.cbe_number",
        ),
        (
            told(
                customer=organization_pb2.Organization(
                    sector_institution=organization_pb2.SectorInstitution(sector=1000)
                )
            ),
            "customer_identification.sector_institution.sector",
        ),
    ],
)
def test_an_unusable_head_names_its_field(unusable, field):
    with pytest.raises(InvalidArgument) as refused:
        decode_head(unusable, "PCSW:EXAMPLE")

    assert [one.field for one in refused.value.violations] == [f"information_customer.{field}"]


@pytest.mark.parametrize(
    ("identifier", "organization"),
    [
        ("NTRBE-0899990348", EnterpriseNumber(899990348)),
        ("VATBE-0899990348", None),
        (None, None),
    ],
)
def test_a_certificate_names_its_organization_if_it_can(identifier, organization):
    client = ClientCertificate(identifier, "ab" * 32, "cd" * 32, "centre")

    found = decode_certificate(Caller("gateway", client))
    assert found == Certificate(organization, "ab" * 32, "cd" * 32)


def test_without_a_certificate_nothing_is_named():
    assert decode_certificate(Caller("gateway")) == NO_CERTIFICATE
