"""What the messages mean, and which make no sense."""

from datetime import date, timedelta

import pytest
from cbss.common.v1 import period_pb2
from cbss.directory.v1 import data_contract_pb2
from cbss.directory.v1 import directory_service_pb2 as pb
from google.type import date_pb2
from hypothesis import given
from hypothesis import strategies as st

from services.concepts.failures import InvalidArgument
from services.concepts.period import Period
from services.directory.model import (
    DeceasedRule,
    Endpoint,
    Holdings,
    IntegrationCheck,
    Located,
    LocatedSource,
    ReplacedRule,
)
from services.directory.rules import catalogues
from services.directory.wire import calls, catalogue, dossiers
from tests.services.directory.examples import (
    CENTRE,
    FEDERAL,
    FINGERPRINT,
    REGION,
    contract,
    organization,
    question,
    source,
    supplier,
)
from tests.services.directory.requests import customer


def day(year=2026, month=11, day=24):
    return date_pb2.Date(year=year, month=month, day=day)


def asked(**changed):
    """A question that makes sense, with some fields changed."""
    fields = {
        "ssin": "71713000318",
        "customer_cbe_number": "0899990348",
        "data_contract": "TRIAL",
        "contract_version": 1,
        "period": period_pb2.Period(begin_date=day(), end_date=day()),
    }
    return pb.DossierQuestion(**fields | changed)


def request(*questions):
    return pb.LocateDossiersRequest(questions=questions)


def test_questions_are_read_in_order():
    open_end = period_pb2.Period(begin_date=day())

    found = dossiers.decode_questions(request(asked(period=open_end), asked(contract_version=0)))

    assert found == [question(end=None), question()]


@given(st.dates(), st.none() | st.dates())
def test_every_period_of_days_is_read_as_it_was_meant(begin, end):
    end = None if end is None else max(begin, end)
    told = period_pb2.Period(
        begin_date=day(begin.year, begin.month, begin.day),
        end_date=None if end is None else day(end.year, end.month, end.day),
    )

    (found,) = dossiers.decode_questions(request(asked(period=told)))

    assert found.period == Period(begin, end)


WRONG = [
    (asked(ssin="71713000319"), "ssin"),
    (asked(ssin=""), "ssin"),
    (asked(customer_cbe_number="0899990349"), "customer_cbe_number"),
    (asked(data_contract="trial"), "data_contract"),
    (asked(contract_version=10_000), "contract_version"),
    (pb.DossierQuestion(ssin="71713000318"), "customer_cbe_number"),
    (asked(period=None), "period.begin_date"),
    (asked(period=period_pb2.Period(begin_date=day(month=0))), "period.begin_date"),
    (asked(period=period_pb2.Period(begin_date=day(year=-1))), "period.begin_date"),
    (asked(period=period_pb2.Period(begin_date=day(month=2, day=30))), "period.begin_date"),
    (
        asked(period=period_pb2.Period(begin_date=day(), end_date=day(day=0))),
        "period.end_date",
    ),
    (
        asked(period=period_pb2.Period(begin_date=day(), end_date=day(day=23))),
        "period.end_date",
    ),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_the_first_field_that_is_wrong_is_named_and_never_its_value(wrong, field):
    with pytest.raises(InvalidArgument) as refused:
        dossiers.decode_questions(request(asked(), wrong))

    (violation,) = refused.value.violations
    assert violation.field == f"questions[1].{field}"
    assert "717130003" not in violation.description


def test_who_asks_at_the_customer_is_read_or_refused():
    information = customer()
    assert calls.decode_asked(information, "PCSW:REGISTRATION").head.user is None
    information.user_id = "57631410249"
    assert calls.decode_asked(information, "PCSW:REGISTRATION").head.user.text == "57631410249"
    information.user_id = "57631410248"
    with pytest.raises(InvalidArgument) as refused:
        calls.decode_asked(information, "PCSW:REGISTRATION")
    assert refused.value.violations[0].field == "information_customer.user_id"


@pytest.mark.parametrize("count", [0, 1001])
def test_no_questions_or_too_many_are_refused(count):
    with pytest.raises(InvalidArgument) as refused:
        dossiers.decode_questions(request(*[asked()] * count))

    assert refused.value.violations[0].field == "questions"


def test_who_is_located_is_told_in_three_digits_and_in_order():
    told = dossiers.encode_locate_dossiers_response(
        [Located(), Located((0, 902), (LocatedSource(FEDERAL, (1, 40)),))]
    )

    assert told == pb.LocateDossiersResponse(
        results=[
            pb.LocatedDossiers(),
            pb.LocatedDossiers(
                customer_quality_codes=["000", "902"],
                sources=[pb.LocatedSource(cbe_number=FEDERAL.digits, quality_codes=["001", "040"])],
            ),
        ]
    )


def test_an_onboarding_record_is_told_with_all_its_parts():
    known = organization(
        public_key_sha256=(FINGERPRINT,),
        manages=(FEDERAL,),
        endpoint=Endpoint("dns:///centre:7443", "centre", in_mesh=True),
    )

    told = catalogue.encode_organization(known)

    assert told.cbe_number == CENTRE.digits
    assert (told.sector_institution.sector, told.sector_institution.institution) == (17, 1)
    assert list(told.public_key_sha256) == [FINGERPRINT]
    assert list(told.managed_cbe_numbers) == [FEDERAL.digits]
    assert (told.endpoint.address, told.endpoint.server_name) == ("dns:///centre:7443", "centre")
    assert told.endpoint.in_mesh


def test_what_an_organization_has_not_is_absent():
    told = catalogue.encode_organization(organization(place=None))

    assert not told.HasField("sector_institution")
    assert not told.HasField("endpoint")


def offer(**changed):
    known = [source(), source(REGION, None)]
    holdings = Holdings({FEDERAL: 1, REGION: 2}, known, [contract(**changed)])
    return catalogues.catalogue_of(holdings).offers[contract().name]


def test_a_contract_is_told_with_the_organizations_that_supply_it_now():
    patient = supplier(deadline=timedelta(milliseconds=800))

    told = catalogue.encode_data_contract(
        offer(source_field="sources", minimum_phase=4, suppliers=(patient, supplier()))
    )

    supplying = {"cbe_number": FEDERAL.digits, "quality_codes": ["001", "002"]}
    assert (told.code, told.version, told.title) == ("TRIAL", 1, "A trial")
    assert told.descriptor_set == b"described"
    assert (told.source_field, told.minimum_phase) == ("sources", 4)
    assert list(told.suppliers) == [
        data_contract_pb2.ContractSupplier(deadline=timedelta(milliseconds=800), **supplying),
        data_contract_pb2.ContractSupplier(**supplying),
    ]


@pytest.mark.parametrize("check", IntegrationCheck)
@pytest.mark.parametrize("rule", DeceasedRule)
def test_every_check_and_rule_is_told_by_its_name(check, rule):
    told = catalogue.encode_data_contract(offer(integration_check=check, deceased_rule=rule))

    names = data_contract_pb2.IntegrationCheck, data_contract_pb2.DeceasedRule
    assert names[0].Name(told.integration_check) == f"INTEGRATION_CHECK_{check.name}"
    assert names[1].Name(told.deceased_rule) == f"DECEASED_RULE_{rule.name}"
    assert len(names[0].keys()) == len(IntegrationCheck) + 1
    assert len(names[1].keys()) == len(DeceasedRule) + 1


@pytest.mark.parametrize("rule", ReplacedRule)
def test_tells_whether_a_question_about_a_replaced_number_goes_on(rule):
    told = catalogue.encode_data_contract(offer(replaced_rule=rule))

    name = data_contract_pb2.ReplacedRule.Name(told.replaced_rule)
    assert name == f"REPLACED_RULE_{rule.name}"


def test_the_day_of_asking_travels_with_a_question():
    here, absent = dossiers.decode_questions(request(asked(day=day(day=25)), asked()))

    assert (here.day, absent.day) == (date(2026, 11, 25), None)
    with pytest.raises(InvalidArgument):
        dossiers.decode_questions(request(asked(day=day(month=2, day=30))))
