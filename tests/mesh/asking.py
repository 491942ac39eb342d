"""Asking as an institution does, with generated stubs."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import grpc
from cbss.common.v1 import information_pb2, organization_pb2, status_pb2
from cbss.data.v1 import handicap_pb2
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2
from google.rpc import status_pb2 as rpc_status_pb2

from sandbox.client import Institution, consultation
from sandbox.organizations import organizations
from tests.support.waiting import until

MEANS_TEST = "PCSW:LIVING_WAGE_MEANS_TEST"
IDENTIFICATION = "PCSW:IDENTIFICATION"
DISABLED = "71713000318"
MOTHER = "89672220419"
NOBODY = "99600000470"
ATTACHED = "85640912691"
"""Of whom the source that attaches has a file."""
DSL = handicap_pb2.HandicapCriteria(sources=[handicap_pb2.HANDICAP_SOURCE_DSL])
"""That source alone."""


def question(ssin=DISABLED, who="pcsw-ghent", contract="HANDICAP", context=MEANS_TEST, **others):
    """A question, with some of its fields changed."""
    asked = consultation(organizations()[who].cbe_number, context, contract, ssin)
    criteria = others.pop("criteria", None)
    if criteria is not None:
        packed = any_pb2.Any()
        packed.Pack(criteria)
        asked.criteria.CopyFrom(packed)
    if "date" in others:
        asked.date.CopyFrom(others.pop("date"))
    for name, value in others.items():
        setattr(asked, name, value)
    return asked


async def consult(mesh, asked=None, who="pcsw-ghent", identity=None, timeout=5):
    """One consultation by an institution."""
    async with Institution.of(identity or mesh.institution(who)) as institution:
        return await institution.consult(asked or question(who=who), timeout=timeout)


@asynccontextmanager
async def identifying(mesh, name="pcsw-ghent"):
    identity = mesh.institution(name)
    async with identity.channel() as channel:
        yield identification_rpc.IdentificationServiceStub(channel), head(identity.cbe_number)


def head(cbe_number, purpose=IDENTIFICATION):
    customer = organization_pb2.Organization(cbe_number=cbe_number)
    information = information_pb2.InformationCustomer(
        ticket=str(uuid4()), customer_identification=customer
    )
    return {"information_customer": information, "legal_context": purpose}


async def answers(mesh, asked=None):
    """Whether a consultation is answered now."""
    try:
        return (await consult(mesh, asked)).status.code == "MSG00000"
    except grpc.aio.AioRpcError:
        return False


async def until_it_answers(mesh, asked=None):
    """Wait until consultations are answered (again)."""
    await until(lambda: answers(mesh, asked))


def outcome(answer):
    """Value and code of a status."""
    return f"{status_pb2.StatusValue.Name(answer.status.value)[13:]} {answer.status.code}"


def reason(fault):
    """The reason of the one ErrorInfo of a gRPC error, or nothing."""
    for key, value in fault.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in rpc_status_pb2.Status.FromString(value).details:
                info = error_details_pb2.ErrorInfo()
                if detail.Unpack(info):
                    return info.reason
    return None


async def refusal(mesh, asked=None, **how):
    """The gRPC error with which a consultation is refused."""
    try:
        answer = await consult(mesh, asked, **how)
    except grpc.aio.AioRpcError as fault:
        return fault
    raise AssertionError(f"answered with {outcome(answer)}")


async def in_company(mesh, many, asked=None, who="pcsw-ghent", timeout=10):
    """So many consultations at the same time over one connection: answers and faults."""
    async with Institution.of(mesh.institution(who)) as institution:
        return await asyncio.gather(
            *(institution.consult(asked or question(who=who), timeout) for _ in range(many)),
            return_exceptions=True,
        )
