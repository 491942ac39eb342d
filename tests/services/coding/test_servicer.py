"""Coding over real mutual TLS: who may call, and one project from the request to the delivery."""

import hashlib
from dataclasses import replace
from urllib.parse import quote
from uuid import uuid4

import grpc
import pytest
from cbss.coding.v1 import coding_service_pb2 as pb
from cbss.coding.v1 import coding_service_pb2_grpc as rpc
from cbss.coding.v1 import project_pb2
from cbss.coding.v1 import project_service_pb2 as project_pb
from cbss.coding.v1 import project_service_pb2_grpc as project_rpc
from cbss.common.v1 import information_pb2, organization_pb2
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.admission.wire import Calls
from services.coding.callers import CALLERS
from services.coding.servicer import CodingServicer, ProjectServicer
from services.coding.wire.plans import encode_plan
from services.kit.clock import utc_now
from services.kit.errors import PeerFailed
from services.kit.forwarded import HEADER
from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.server import Service
from tests.services.coding.conftest import Party
from tests.services.coding.examples import (
    BANK_OF_STATUSES,
    HANDICAPS,
    PLAN,
    REFERENCE,
    UNIVERSITY,
    FakeLists,
    FakeStore,
    person,
)
from tests.support.certificates import Authority
from tests.support.server import served, vouching

PEOPLE = [person(n).digits for n in range(5)]
INSTITUTIONS = Authority("test institutions authority")
PROGRAMS = {
    number: INSTITUTIONS.program(f"NTRBE-{number.digits}")
    for number in (BANK_OF_STATUSES, HANDICAPS, UNIVERSITY)
}


def fingerprint(program):
    """Of its key, as it was admitted."""
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(program.certificate.public_key().public_bytes(*form)).hexdigest()


def forwarded(number):
    """What the gateway says of the certificate of an organization's program."""
    program = PROGRAMS[number]
    digest = hashlib.sha256(program.certificate.public_bytes(Encoding.DER)).hexdigest()
    return [(HEADER, f'Hash={digest};Cert="{quote(program.pem.decode(), safe="")}"')]


def information(number):
    named = organization_pb2.Organization(cbe_number=number.digits)
    return information_pb2.InformationCustomer(ticket="1", customer_identification=named)


@pytest.fixture
async def coding(tmp_path, authority):
    """The service over a store in memory."""
    party = Party(store := FakeStore(), store, FakeLists(store))
    known = {
        number: replace(one, public_key_sha256=(fingerprint(PROGRAMS[number]),))
        for number, one in REFERENCE.organizations.items()
        if number in PROGRAMS
    }
    party.references.reference = replace(REFERENCE, organizations=known)
    tokens = PageTokens(b"secret")
    calls, steps = (
        Calls(f"cbss.coding.v1.{name}", uuid7, utc_now)
        for name in ("CodingService", "ProjectService")
    )
    services = [
        Service(
            rpc.add_CodingServiceServicer_to_server,
            CodingServicer(party.coding, party.deliveries, tokens, calls, utc_now),
            pb.DESCRIPTOR.services_by_name["CodingService"],
        ),
        Service(
            project_rpc.add_ProjectServiceServicer_to_server,
            ProjectServicer(party.projects, party.deliveries, tokens, steps),
            project_pb.DESCRIPTOR.services_by_name["ProjectService"],
        ),
    ]
    vouched = vouching(tmp_path, institutions=[INSTITUTIONS])
    named = {"name": "coding", **vouched}
    async with served(tmp_path, authority, services, CALLERS, **named) as running:
        running.party, running.authority = party, authority
        yield running


async def people(coding, office, name):
    """The projects as a person of an office leads them."""
    person = coding.authority.person(office, name)
    return project_rpc.ProjectServiceStub(await coding.raw(person))


async def opened(coding):
    """A project that is open, led there by two people."""
    bank = await people(coding, "operator", "bank.one")
    committee = await people(coding, "committee", "member.one")
    named = str(uuid4())
    await bank.RequestProject(
        project_pb.RequestProjectRequest(project_id=named, plan=encode_plan(PLAN))
    )
    await bank.AssessProject(project_pb.AssessProjectRequest(project_id=named, feasible=True))
    await committee.DecideProject(
        project_pb.DecideProjectRequest(project_id=named, approved=True, remark="covered")
    )
    answer = await bank.OpenProject(project_pb.OpenProjectRequest(project_id=named))
    return bank, answer.project


async def send(programs, project, source, rows):
    """Data of a source, by person, in one list and in one chunk."""
    asked = pb.GetTemporaryNumbersRequest(
        information_customer=information(source),
        project_id=project.project_id,
        units=[pb.Unit(number=one) for one in rows],
    )
    numbers = await programs.GetTemporaryNumbers(asked, metadata=forwarded(source))
    told = pb.SubmitRowsRequest(
        information_customer=information(source),
        project_id=project.project_id,
        chunk_id=str(uuid4()),
        columns=[one.name for one in PLAN.of_source(source)],
        rows=[
            pb.SourceRow(temporary_number=one.temporary_number, values=values)
            for one, values in zip(numbers.units, rows.values(), strict=True)
        ],
    )
    answer = await programs.SubmitRows(told, metadata=forwarded(source))
    assert answer.status.code == "MSG00000"


async def test_a_project_from_the_request_to_the_delivery(coding):
    bank, project = await opened(coding)
    gateway = await coding.raw(coding.authority.workload("gateway"))
    programs = rpc.CodingServiceStub(gateway)
    await send(programs, project, BANK_OF_STATUSES, {one: ["30-39", "1.5"] for one in PEOPLE})
    await send(programs, project, HANDICAPS, {one: ["none"] for one in PEOPLE})
    await bank.ReleaseDelivery(project_pb.ReleaseDeliveryRequest(project_id=project.project_id))
    asked = pb.ListDeliveryRowsRequest(
        information_customer=information(UNIVERSITY), project_id=project.project_id
    )

    page = await programs.ListDeliveryRows(asked, metadata=forwarded(UNIVERSITY))
    told = pb.AcknowledgeDeliveryRequest(
        information_customer=information(UNIVERSITY),
        project_id=project.project_id,
        content_sha256=page.delivery.content_sha256,
    )
    await programs.AcknowledgeDelivery(told, metadata=forwarded(UNIVERSITY))
    closed = (
        await bank.CloseProject(project_pb.CloseProjectRequest(project_id=project.project_id))
    ).project

    assert [list(row.values) for row in page.rows] == [["30-39", "1.5", "none"]] * len(PEOPLE)
    assert list(page.columns) == ["age_class", "amount", "disability"]
    assert len({row.code for row in page.rows}) == len(PEOPLE)
    assert page.next_page_token == ""
    assert closed.state == project_pb2.PROJECT_STATE_CLOSED
    assert closed.destruction_record_id
    # Everybody reads what became of it, and nobody who took a step.
    reading = project_rpc.ProjectServiceStub(gateway)
    listed = await reading.ListProjects(project_pb.ListProjectsRequest())
    got = await reading.GetProject(project_pb.GetProjectRequest(project_id=project.project_id))
    assert [*listed.projects] == [closed] == [got.project]
    assert "bank.one" not in str(closed)
    assert closed.delivery.unit_count == len(PEOPLE)


async def test_a_stream_answers_list_after_list(coding):
    _, project = await opened(coding)
    programs = rpc.CodingServiceStub(await coding.raw(coding.authority.workload("gateway")))
    lists = [
        pb.StreamTemporaryNumbersRequest(
            list=pb.GetTemporaryNumbersRequest(
                information_customer=information(BANK_OF_STATUSES),
                project_id=project.project_id,
                units=[pb.Unit(number=one)],
            )
        )
        for one in PEOPLE
    ]

    told = programs.StreamTemporaryNumbers(iter(lists), metadata=forwarded(BANK_OF_STATUSES))
    numbers = [one.list.units[0].temporary_number async for one in told]

    assert len({*numbers}) == len(PEOPLE)
    assert {len(one) for one in numbers} == {49}


@pytest.mark.parametrize(
    "written", ["57.63.14-102.49", "57631410249 ", "576314102490", "", "٥٧٦٣١٤١٠٢٤٩", "57631410248"]
)
async def test_a_number_that_is_not_written_in_the_one_way_is_refused_by_its_place(coding, written):
    _, project = await opened(coding)
    programs = rpc.CodingServiceStub(await coding.raw(coding.authority.workload("gateway")))
    asked = pb.GetTemporaryNumbersRequest(
        information_customer=information(BANK_OF_STATUSES),
        project_id=project.project_id,
        units=[pb.Unit(number=PEOPLE[0]), pb.Unit(number=written), pb.Unit(number=written)],
    )

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await programs.GetTemporaryNumbers(asked, metadata=forwarded(BANK_OF_STATUSES))

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    details = dict(refused.value.trailing_metadata())["grpc-status-details-bin"]
    assert b"units[1].number" in details
    assert b"units[2].number" in details


async def test_projects_are_listed_page_by_page(coding):
    ids = [(await opened(coding))[1].project_id for _ in range(3)]
    reading = project_rpc.ProjectServiceStub(await coding.channel("gateway"))

    first = await reading.ListProjects(project_pb.ListProjectsRequest(page_size=2))
    rest = await reading.ListProjects(
        project_pb.ListProjectsRequest(page_size=2, page_token=first.next_page_token)
    )

    assert [one.project_id for one in (*first.projects, *rest.projects)] == ids
    assert rest.next_page_token == ""


@pytest.mark.parametrize(
    ("method", "strangers"),
    [
        ("RequestProject", ("gateway", "committee")),
        ("AssessProject", ("gateway", "committee")),
        ("DecideProject", ("gateway", "operator")),
        ("OpenProject", ("gateway", "committee")),
        ("ReleaseDelivery", ("gateway", "committee")),
        ("CloseProject", ("gateway", "routing")),
        ("ListProjects", ("routing", "buffer")),
        ("GetProject", ("routing", "buffer")),
    ],
)
async def test_refuses_who_is_not_listed(coding, method, strangers):
    request = getattr(project_pb, f"{method}Request")()
    for stranger in strangers:
        stub = project_rpc.ProjectServiceStub(await coding.channel(stranger))
        with pytest.raises(PeerFailed) as refused:
            await getattr(stub, method)(request)
        assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"


@pytest.mark.parametrize(
    "method",
    ["GetTemporaryNumbers", "SubmitRows", "ListDeliveryRows", "AcknowledgeDelivery"],
)
async def test_only_the_edge_hands_on_what_programs_ask(coding, method):
    stub = rpc.CodingServiceStub(await coding.channel("routing"))

    with pytest.raises(PeerFailed) as refused:
        await getattr(stub, method)(getattr(pb, f"{method}Request")())

    assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"
