"""A project of the trusted third party, led by two people and two programs on a running sandbox."""

from contextlib import asynccontextmanager
from datetime import date, timedelta
from uuid import uuid4

from cbss.coding.v1 import coding_service_pb2 as pb
from cbss.coding.v1 import coding_service_pb2_grpc as rpc
from cbss.coding.v1 import project_pb2
from cbss.coding.v1 import project_service_pb2 as project_pb
from cbss.coding.v1 import project_service_pb2_grpc as project_rpc
from cbss.coding.v1 import reidentification_service_pb2 as list_pb
from cbss.coding.v1 import reidentification_service_pb2_grpc as list_rpc
from google.type import date_pb2

from services.kit.clock import belgian_day, utc_now
from tests.mesh.asking import DISABLED, MOTHER
from tests.mesh.test_batches import information

SOURCE, RECIPIENT = "cbss", "university"
PERSONS = (DISABLED, MOTHER)
PATIENCE = 60


def day(one: date):
    return date_pb2.Date(year=one.year, month=one.month, day=one.day)


def plan():
    """What deliberation 99/005 of the sandbox grants the university."""
    last = belgian_day(utc_now()) + timedelta(days=30)
    variables = [
        project_pb2.Variable(
            name=name,
            data_contract="SOCIAL_STATUS",
            field=f"statuses.{name}",
            source_cbe_number=information(who=SOURCE).customer_identification.cbe_number,
            kind="VARIABLE_KIND_TEXT",
            role=f"VARIABLE_ROLE_{role}",
        )
        for name, role in (("name", "QUASI_IDENTIFIER"), ("result", "OTHER"))
    ]
    return project_pb2.ProjectPlan(
        title="Rights that are not taken up",
        recipient_cbe_number=information(who=RECIPIENT).customer_identification.cbe_number,
        legal_context="UNIVERSITY:NON_TAKE_UP_STUDY",
        deliberation_number="IVC/KSZG/99/005",
        mode="CODING_MODE_KEYED",
        subject_kind="SUBJECT_KIND_PERSON",
        variables=variables,
        population=project_pb2.Population(
            description="Everybody of the sandbox",
            drawn_per_ten_thousand=10_000,
            reference_day=day(date(2025, 12, 31)),
            most_units=1000,
        ),
        release_rules=project_pb2.ReleaseRules(minimum_group=2),
        end_date=day(last),
    )


async def step(mesh, method, name="operator", **what):
    """A step that a person takes; the project after it."""
    async with mesh.workload(name, "coding").channel() as channel:
        request = getattr(project_pb, f"{method}Request")(**what)
        stub = project_rpc.ProjectServiceStub(channel)
        return (await getattr(stub, method)(request, timeout=PATIENCE)).project


async def requested(mesh):
    return await step(mesh, "RequestProject", project_id=str(uuid4()), plan=plan())


async def assessed(mesh):
    named = (await requested(mesh)).project_id
    return await step(mesh, "AssessProject", project_id=named, feasible=True)


async def approved(mesh):
    named = (await assessed(mesh)).project_id
    who = "committee-member"
    return await step(mesh, "DecideProject", who, project_id=named, approved=True)


async def opened(mesh):
    named = (await approved(mesh)).project_id
    return await step(mesh, "OpenProject", project_id=named)


@asynccontextmanager
async def programs(mesh, who):
    """The service as the program of an organization calls it, through the edge."""
    async with mesh.institution(who).channel() as channel:
        yield rpc.CodingServiceStub(channel)


async def numbers(mesh, project, *persons):
    """Temporary numbers, as a source."""
    asked = pb.GetTemporaryNumbersRequest(
        information_customer=information(who=SOURCE),
        project_id=project.project_id,
        units=[pb.Unit(number=one) for one in persons],
    )
    async with programs(mesh, SOURCE) as stub:
        return await stub.GetTemporaryNumbers(asked, timeout=PATIENCE)


async def sent(mesh):
    project = await opened(mesh)
    given = await numbers(mesh, project, *PERSONS)
    assert given.status.code == "MSG00000"
    told = pb.SubmitRowsRequest(
        information_customer=information(who=SOURCE),
        project_id=project.project_id,
        chunk_id=str(uuid4()),
        columns=["name", "result"],
        rows=[
            pb.SourceRow(temporary_number=one.temporary_number, values=["BIM_BVT", "APPLIES"])
            for one in given.units
        ],
    )
    async with programs(mesh, SOURCE) as stub:
        taken = await stub.SubmitRows(told, timeout=PATIENCE)
    assert taken.status.code == "MSG00000"
    return project


async def released(mesh):
    named = (await sent(mesh)).project_id
    return await step(mesh, "ReleaseDelivery", project_id=named)


async def page(mesh, project, who=RECIPIENT):
    """What was released, as somebody reads it."""
    asked = pb.ListDeliveryRowsRequest(
        information_customer=information(who=who), project_id=project.project_id
    )
    async with programs(mesh, who) as stub:
        return await stub.ListDeliveryRows(asked, timeout=PATIENCE)


async def delivered(mesh):
    project = await released(mesh)
    told = pb.AcknowledgeDeliveryRequest(
        information_customer=information(who=RECIPIENT),
        project_id=project.project_id,
        content_sha256=project.delivery.content_sha256,
    )
    async with programs(mesh, RECIPIENT) as stub:
        await stub.AcknowledgeDelivery(told, timeout=PATIENCE)
    return project


async def closed(mesh):
    named = (await opened(mesh)).project_id
    return await step(mesh, "CloseProject", "committee-member", project_id=named)


async def list_step(mesh, method, name="operator", **what):
    """A step with a list of codes that a person takes; the list after it."""
    async with mesh.workload(name, "coding").channel() as channel:
        request = getattr(list_pb, f"{method}Request")(**what)
        stub = list_rpc.ReidentificationServiceStub(channel)
        return (await getattr(stub, method)(request, timeout=PATIENCE)).reidentification


async def wanted(mesh):
    """A list of the first code that was handed over."""
    project = await released(mesh)
    handed = await page(mesh, project)
    return await list_step(
        mesh,
        "RequestReidentification",
        reidentification_id=str(uuid4()),
        project_id=project.project_id,
        ground="UNIVERSITY:NON_TAKE_UP_WARNING",
        source_cbe_number=information(who=SOURCE).customer_identification.cbe_number,
        codes=[handed.rows[0].code],
        remark="a right was not taken up",
    )


async def allowed(mesh):
    named = (await wanted(mesh)).reidentification_id
    who = "committee-member"
    return await list_step(
        mesh, "DecideReidentification", who, reidentification_id=named, approved=True
    )


async def ended(mesh):
    named = (await wanted(mesh)).reidentification_id
    return await list_step(mesh, "EndReidentification", reidentification_id=named)


async def meant(mesh, one, *persons):
    """Who is meant by a list, as its source asks."""
    asked = list_pb.GetReidentifiedUnitsRequest(
        information_customer=information(who=SOURCE),
        reidentification_id=one.reidentification_id,
        units=[pb.Unit(number=person) for person in persons],
    )
    async with mesh.institution(SOURCE).channel() as channel:
        stub = list_rpc.ReidentificationServiceStub(channel)
        return await stub.GetReidentifiedUnits(asked, timeout=PATIENCE)


ACTS = {
    "cbss.coding.v1.ProjectService/RequestProject": requested,
    "cbss.coding.v1.ProjectService/AssessProject": assessed,
    "cbss.coding.v1.ProjectService/DecideProject": approved,
    "cbss.coding.v1.ProjectService/OpenProject": opened,
    "cbss.coding.v1.CodingService/SubmitRows": sent,
    "cbss.coding.v1.ProjectService/ReleaseDelivery": released,
    "cbss.coding.v1.CodingService/AcknowledgeDelivery": delivered,
    "cbss.coding.v1.ReidentificationService/RequestReidentification": wanted,
    "cbss.coding.v1.ReidentificationService/DecideReidentification": allowed,
    "cbss.coding.v1.ReidentificationService/EndReidentification": ended,
    "cbss.coding.v1.ProjectService/CloseProject": closed,
}
"""One lawful act of every RPC that changes something, each on a project of its own."""
