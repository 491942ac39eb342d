"""Requests of the welfare centre about registrations, each change one word."""

from cbss.common.v1 import information_pb2, organization_pb2, period_pb2
from cbss.directory.v1 import data_contract_pb2, registration_pb2, subscription_pb2
from cbss.directory.v1 import directory_service_pb2 as pb
from google.type import date_pb2

from services.registry.load.descriptors import describe_messages
from tests.services.directory.examples import CENTRE, PERSON

CONTEXT = "PCSW:REGISTRATION"


def day(text):
    """A day as a message."""
    year, month, number = map(int, text.split("-"))
    return date_pb2.Date(year=year, month=month, day=number)


def days(begin, end=None):
    """A period as a message."""
    return period_pb2.Period(begin_date=day(begin), end_date=None if end is None else day(end))


def customer(number=CENTRE, ticket="T1"):
    """Who asks."""
    return information_pb2.InformationCustomer(
        ticket=ticket,
        customer_identification=organization_pb2.Organization(cbe_number=number.digits),
    )


def _request(kind, fields, changed):
    common = {
        "information_customer": customer(),
        "legal_context": CONTEXT,
        "ssin": PERSON.digits,
        "register": registration_pb2.REGISTER_PRIMARY,
    }
    return kind(**common | fields | changed)


def registering(**changed):
    """The centre registers a person in quality 002."""
    proof = registration_pb2.IdentityProof(last_name="Mock", birth_date=day("1971-11-30"))
    fields = {"quality_code": "002", "period": days("2026-01-01"), "proof": proof}
    return _request(pb.RegisterPersonRequest, fields, changed)


def unregistering(**changed):
    """The centre ends a registration in quality 002."""
    fields = {"quality_code": "002", "period": days("2020-01-01", "2026-11-30")}
    return _request(pb.UnregisterPersonRequest, fields, changed)


def listing(**changed):
    """The centre lists the registrations of a person."""
    return _request(pb.ListRegistrationsRequest, {}, changed)


def contracting(**changed):
    """An operator registers a contract."""
    place = organization_pb2.SectorInstitution(sector=16)
    fields = {
        "code": "FRESH",
        "title": "A fresh contract",
        "result_type": "cbss.data.v1.HandicapFile",
        "descriptor_set": describe_messages(["cbss.data.v1.HandicapFile"]),
        "suppliers": [
            data_contract_pb2.ContractPlace(sector_institution=place, quality_codes=["001"])
        ],
        "integration_check": data_contract_pb2.INTEGRATION_CHECK_INSIDE,
        "deceased_rule": data_contract_pb2.DECEASED_RULE_ASK,
    }
    told = data_contract_pb2.ContractRegistration(**fields | changed)
    return pb.RegisterDataContractRequest(data_contract=told)


def wish(**changed):
    """What the centre wants to be told."""
    fields = {
        "data_contract": "TRIAL",
        "quality_codes": ["002"],
        "mode": subscription_pb2.DELIVERY_MODE_QUEUE,
        "period": days("2026-01-01"),
    }
    return subscription_pb2.SubscriptionWish(**fields | changed)


def subscribe(**changed):
    """The centre subscribes."""
    return pb.SubscribeRequest(
        information_customer=customer(), legal_context=CONTEXT, wish=wish(**changed)
    )


def unsubscribe(key="00000000-0000-0000-0000-000000000001", **changed):
    """The centre ends a subscription."""
    return pb.UnsubscribeRequest(
        information_customer=customer(), legal_context=CONTEXT, subscription_id=key, **changed
    )


def list_subscriptions(**changed):
    """The centre lists its subscriptions."""
    return pb.ListSubscriptionsRequest(
        information_customer=customer(), legal_context=CONTEXT, **changed
    )


def event(**changed):
    """Something changed about a person."""
    fields = {"ssin": PERSON.digits, "data_contract": "TRIAL", "event_type": "R010"}
    return subscription_pb2.PersonEvent(**fields | changed)
