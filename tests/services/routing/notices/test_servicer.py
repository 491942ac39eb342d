"""Push over real mutual TLS, as institutions call it behind the gateway."""

import hashlib
from dataclasses import replace

import pytest
from cbss.routing.v1 import notice_pb2
from cbss.routing.v1 import notice_service_pb2 as pb
from cbss.routing.v1 import notice_service_pb2_grpc as rpc
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.server import Service
from services.routing.callers import NOTICE_CALLERS
from services.routing.notices.servicer import NoticeServicer
from tests.services.directory.serving import forwarded, reason
from tests.services.routing.examples import CENTRE, FIRST, MANAGER, PERSON, Result, catalogue
from tests.services.routing.notices.examples import NOW, Country, content
from tests.support.certificates import Authority
from tests.support.server import served, vouching

INSTITUTIONS = Authority("institutions")
PROGRAMS = {
    one: INSTITUTIONS.program(f"NTRBE-{one.digits}", name=one.digits)
    for one in (CENTRE, FIRST, MANAGER)
}


def as_(organization):
    return forwarded(PROGRAMS[organization])


@pytest.fixture
async def notices(tmp_path, authority):
    """The service over a store in memory; every organization calls with the key of its program."""
    country = Country()
    keys = {
        one: forwarded_key(PROGRAMS[one]) if one in PROGRAMS else known.public_keys
        for one, known in catalogue.organizations.items()
    }
    country.catalogues.catalogue = with_keys(catalogue, keys)
    servicer = NoticeServicer(
        country.publications, country.deliveries, PageTokens(b"secret"), uuid7, lambda: NOW
    )
    service = Service(
        rpc.add_NoticeServiceServicer_to_server,
        servicer,
        pb.DESCRIPTOR.services_by_name["NoticeService"],
    )
    vouched = vouching(tmp_path, institutions=[INSTITUTIONS])
    async with served(
        tmp_path, authority, [service], NOTICE_CALLERS, name="routing", **vouched
    ) as running:
        running.country = country
        channel = await running.raw(authority.workload("gateway"))
        running.stub = rpc.NoticeServiceStub(channel)
        yield running


def forwarded_key(program):
    key = program.certificate.public_key()
    described = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return frozenset({hashlib.sha256(described).hexdigest()})


def with_keys(known, keys):
    organizations = {
        number: replace(one, public_keys=keys[number])
        for number, one in known.organizations.items()
    }
    contracts = {
        name: replace(
            contract,
            sources=tuple(
                replace(source, supplier=organizations[source.supplier.cbe_number])
                for source in contract.sources
            ),
        )
        for name, contract in known.contracts.items()
    }
    return replace(known, organizations=organizations, contracts=contracts)


def head(request, organization):
    """The request, asked by an organization for itself."""
    information = request.information_customer
    information.ticket = "t-1"
    information.customer_identification.cbe_number = organization.digits
    return request


def event(reference="r-1", **changes):
    """An event about the example person, as a message."""
    told = notice_pb2.Event(
        reference=reference, kind="EVENT_KIND_ORIGINAL", ssin=PERSON.digits, event_type="R020"
    )
    told.occurred_at.FromDatetime(NOW)
    payload = content()
    told.data.type_url = f"type.googleapis.com/{payload.type_name}"
    told.data.value = payload.content
    for name, value in changes.items():
        setattr(told, name, value)
    return told


def publishing(*events, organization=FIRST):
    return head(pb.PublishRequest(data_contract="EXAMPLE", events=events), organization)


async def test_what_a_source_publishes_reaches_a_subscriber(notices):
    published = await notices.stub.Publish(publishing(event()), metadata=as_(FIRST))

    listed = await notices.stub.ListNotices(
        head(pb.ListNoticesRequest(), CENTRE), metadata=as_(CENTRE)
    )

    (outcome,), (notice,) = published.events, listed.notices
    assert outcome.status.code == "MSG00000"
    assert outcome.addressees[0].sector_institution.sector == 17
    assert notice.notice_id == outcome.addressees[0].notice_id
    assert (notice.reference, notice.ssin, notice.kind) == (
        "r-1",
        PERSON.digits,
        notice_pb2.EVENT_KIND_ORIGINAL,
    )
    assert notice.source_cbe_number == FIRST.digits
    assert Result.FromString(notice.data.value).plain == "open"
    assert list(notice.data_filters.filtered_elements) == ["group.items.secret", "group.name"]


async def test_a_stream_brings_notices_and_goes_on_after_its_token(notices):
    await notices.stub.Publish(publishing(event("r-1")), metadata=as_(FIRST))
    stream = notices.stub.WatchNotices(head(pb.WatchNoticesRequest(), CENTRE), metadata=as_(CENTRE))
    first, second = await stream.read(), await stream.read()
    stream.cancel()
    await notices.stub.Publish(publishing(event("r-2")), metadata=as_(FIRST))

    resumed = head(pb.WatchNoticesRequest(resume_token=second.resume_token), CENTRE)
    stream = notices.stub.WatchNotices(resumed, metadata=as_(CENTRE))
    await stream.read()
    third = await stream.read()
    stream.cancel()

    assert first.heartbeat_interval.seconds == 30
    assert [one.reference for one in (*second.notices, *third.notices)] == ["r-1", "r-2"]


async def test_acknowledged_notices_are_not_listed_again(notices):
    await notices.stub.Publish(publishing(event()), metadata=as_(FIRST))
    asked = head(pb.ListNoticesRequest(), CENTRE)
    (notice,) = (await notices.stub.ListNotices(asked, metadata=as_(CENTRE))).notices

    request = head(pb.AcknowledgeNoticesRequest(notice_ids=[notice.notice_id]), CENTRE)
    answer = await notices.stub.AcknowledgeNotices(request, metadata=as_(CENTRE))

    assert answer.acknowledged_count == 1
    assert not (await notices.stub.ListNotices(asked, metadata=as_(CENTRE))).notices


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"reference": ""}, "MSG00008", "reference"),
        ({"reference": "a b"}, "MSG00008", "reference"),
        ({"ssin": "123"}, "MSG00011", None),
        ({"kind": 0}, "MSG00008", "kind"),
        ({"kind": 99}, "MSG00008", "kind"),
        ({"attestation_reference": "x"}, "MSG00008", "attestation_reference"),
        ({"kind": 2}, "MSG00008", "attestation_reference"),
        ({"event_type": "lower"}, "MSG00008", "event_type"),
    ],
)
async def test_what_is_wrong_with_an_event_is_its_status_alone(notices, changes, code, field):
    request = publishing(event(**changes), event("r-2"))

    wrong, right = (await notices.stub.Publish(request, metadata=as_(FIRST))).events

    assert wrong.status.code == code
    assert {one.field_name: one.field_value for one in wrong.status.information}.get(
        "field"
    ) == field
    assert right.status.code == "MSG00000"


async def test_an_event_without_its_instant_is_refused(notices):
    told = event()
    told.ClearField("occurred_at")

    (outcome,) = (await notices.stub.Publish(publishing(told), metadata=as_(FIRST))).events

    assert outcome.status.information[0].field_value == "occurred_at"


async def test_refuses_calls_that_cannot_be_used(notices):
    stub, mine = notices.stub, as_(CENTRE)
    listing = head(pb.ListNoticesRequest(page_size=1), CENTRE)
    token = (await stub.ListNotices(listing, metadata=mine)).resume_token
    foreign = head(pb.ListNoticesRequest(resume_token=token), MANAGER)
    stale = head(pb.ListNoticesRequest(resume_token="x" * 40), CENTRE)

    for call, request, who, expected in [
        (stub.Publish, publishing(), FIRST, "INVALID_ARGUMENT"),
        (stub.Publish, publishing(*[event()] * 1001), FIRST, "INVALID_ARGUMENT"),
        (stub.Publish, publishing(event(), organization=CENTRE), CENTRE, "NO_SOURCE"),
        (stub.Publish, publishing(event(), organization=CENTRE), FIRST, "CUSTOMER_NOT_THE_CALLER"),
        (stub.ListNotices, foreign, MANAGER, "RESUME_TOKEN_INVALID"),
        (stub.ListNotices, stale, CENTRE, "RESUME_TOKEN_INVALID"),
        (
            stub.AcknowledgeNotices,
            head(pb.AcknowledgeNoticesRequest(notice_ids=["x"]), CENTRE),
            CENTRE,
            "INVALID_ARGUMENT",
        ),
        (
            stub.AcknowledgeNotices,
            head(pb.AcknowledgeNoticesRequest(), CENTRE),
            CENTRE,
            "INVALID_ARGUMENT",
        ),
    ]:
        assert await reason(call, request, metadata=as_(who)) == expected
