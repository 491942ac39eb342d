"""A small network for the tests of the directory: synthetic, each change one word."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin, check_digits
from services.directory.model import (
    DataContract,
    DeceasedRule,
    DeliveryMode,
    Dossier,
    Endpoint,
    IntegrationCheck,
    Organization,
    QualityCode,
    Question,
    Registration,
    Subscription,
    Supplier,
    Wish,
)

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PERSON = Ssin(71713000318)
ANOTHER = Ssin(89672220419)
CENTRE = parse_enterprise_number("0899990348")
NETWORK = parse_enterprise_number("0899990249")
FEDERAL = parse_enterprise_number("0899991041")
NATIONAL_REGISTER = parse_enterprise_number("0899990942")
REGION = parse_enterprise_number("0899991338")
NOBODY = parse_enterprise_number("0899991635")
FEDERAL_PLACE = SectorInstitution(16, 0)
REGION_PLACE = SectorInstitution(69, 1)
TRIAL = ContractName("TRIAL", 1)
FINGERPRINT = "0f" * 32


def person(number):
    """One of many mock persons."""
    nine = 40_610_1000 + number // 900 * 100_000 + number % 900
    return Ssin(nine * 100 + check_digits(nine, 19))


def period(begin, end=None):
    """A period, from texts."""
    return Period(date.fromisoformat(begin), date.fromisoformat(end) if end else None)


def organization(cbe_number=CENTRE, **changed):
    """A welfare centre, with some fields changed."""
    return Organization(
        **{"cbe_number": cbe_number, "name": "Centre", "place": SectorInstitution(17, 1)} | changed
    )


def source(cbe_number=FEDERAL, place=FEDERAL_PLACE, **changed):
    """An organization that supplies."""
    endpoint = Endpoint("dns:///source:7443", "source", in_mesh=False)
    return organization(
        cbe_number, **{"name": "Source", "place": place, "endpoint": endpoint} | changed
    )


def supplier(place=FEDERAL_PLACE, *codes, **changed):
    """A place that supplies, when it knows a person in certain qualities."""
    qualities = frozenset(map(QualityCode, codes or (1, 2)))
    return Supplier(**{"place": place, "source_code": "", "quality_codes": qualities} | changed)


def contract(**changed):
    """A contract with two suppliers, with some fields changed."""
    fields = {
        "name": TRIAL,
        "title": "A trial",
        "criteria_type": "cbss.data.v1.HandicapCriteria",
        "result_type": "cbss.data.v1.HandicapFile",
        "descriptor_set": b"described",
        "suppliers": (supplier(), supplier(REGION_PLACE, 0)),
        "source_field": "",
        "integration_check": IntegrationCheck.OVERLAP,
        "minimum_phase": 0,
        "deceased_rule": DeceasedRule.STOP,
        "identity_data": False,
    }
    return DataContract(**fields | changed)


def dossier(organization, quality=1, begin="2020-01-01", end=None, phase=0):
    """A dossier of the organization with this key."""
    return Dossier(organization, QualityCode(quality), phase, period(begin, end))


def registration(organization, line=1, person=PERSON, **changed):
    """A line that registers a person."""
    return Registration(line, person, dossier(organization, **changed))


def question(person=PERSON, customer=CENTRE, contract=TRIAL, begin="2026-11-24", end="2026-11-24"):
    """A question of the centre about today, with some words changed."""
    return Question(person, customer, contract, period(begin, end))


def subscription(**changed):
    """The centre wants to be told, from the first day of 2099."""
    wish = Wish(
        TRIAL,
        "R010",
        (QualityCode(1), QualityCode(2)),
        1,
        ("rights", "cards"),
        DeliveryMode.STREAM,
        period("2099-01-01"),
    )
    given = Subscription(UUID(int=7), CENTRE, "PCSW:MUTATIONS", wish, Deliberation("N", 1))
    return replace(given, **changed)
