"""Calls that are no exchange: refused as calls, with a reason, and in the trail."""

import grpc
import pytest
from cbss.routing.v1 import routing_service_pb2 as pb

from sandbox.identities import Credentials
from sandbox.organizations import organizations
from tests.mesh.asking import consult, outcome, question, reason, refusal

PATH = "/cbss.routing.v1.RoutingService/Consult"
GHENT = organizations()["pcsw-ghent"].cbe_number


def identified(mesh, name, identifier, key_of=None):
    """A client whose certificate the institutions' authority issued, with any identifier."""
    issued = mesh.vault.institutions.organization("app", "OCMW", identifier, name)
    return mesh.identity(mesh.vault.add(name, issued), GHENT)


async def raw(mesh, content, **how):
    """Send bytes as they are."""
    async with mesh.institution("pcsw-ghent").channel() as channel:
        return await channel.unary_unary(PATH)(content, timeout=5, **how)


async def test_who_asks_for_another_is_refused_and_recorded(mesh, trail):
    place = await trail.last()

    fault = await refusal(mesh, question(who="pcsw-liege"))

    assert fault.code() is grpc.StatusCode.PERMISSION_DENIED
    assert reason(fault) == "CUSTOMER_NOT_THE_CALLER"
    assert "CUSTOMER_NOT_THE_CALLER" in await trail.reasons_since(place)


async def test_a_managing_institution_asks_for_whom_it_manages(mesh, trail):
    answer = await consult(mesh, question(who="pcsw-ghent"), who="pcsw-network")

    assert outcome(answer) == "DATA_FOUND MSG00000"
    record = (await trail.of_ticket(answer.information_cbss.ticket_cbss))[-1]
    assert record.caller_cbe_number == organizations()["pcsw-network"].cbe_number
    assert record.customer_cbe_number == GHENT


@pytest.mark.parametrize(
    ("name", "identifier", "why"),
    [
        ("nameless", None, "ORGANIZATION_UNKNOWN"),
        ("never-admitted", "NTRBE-0899991635", "ORGANIZATION_UNKNOWN"),
        ("another-key", f"NTRBE-{GHENT}", "ORGANIZATION_UNKNOWN"),
        ("malformed", "NTRBE-0899991636", "INVALID_ARGUMENT"),
        ("foreign", "VATFR-12345678901", "INVALID_ARGUMENT"),
    ],
)
async def test_a_certificate_that_names_nobody_known_is_refused_and_recorded(
    mesh, trail, name, identifier, why
):
    place = await trail.last()

    fault = await refusal(mesh, identity=identified(mesh, name, identifier))

    assert fault.code() is grpc.StatusCode.UNAUTHENTICATED
    assert await trail.reasons_since(place)


@pytest.mark.parametrize("issuer", ["citizens", "sources", "mesh"])
async def test_only_the_institutions_authority_says_who_is_an_institution(mesh, issuer):
    """With the institution's own identifier and its own, admitted key."""
    own = mesh.vault.files("pcsw-ghent").issued()
    issued = getattr(mesh.vault, issuer).issue(list(own.certificate.subject), [], key=own.key)
    identity = mesh.identity(mesh.vault.add(f"ghent-of-{issuer}", issued), GHENT)

    fault = await refusal(mesh, identity=identity)

    if issuer == "citizens":
        assert fault.code() is grpc.StatusCode.UNAUTHENTICATED
    else:
        # The edge does not trust it at all.
        assert fault.code() is grpc.StatusCode.UNAVAILABLE


async def test_an_identity_that_the_client_brings_itself_is_refused_and_recorded(mesh, trail):
    place = await trail.last()

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw(
            mesh,
            question().SerializeToString(),
            metadata=[("x-forwarded-client-cert", "Hash=00;URI=spiffe://cbss/gateway")],
        )

    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert reason(refused.value) == "IDENTITY_FORGED"
    await trail.wait_for_reason("IDENTITY_FORGED", place)


async def test_what_is_no_message_is_refused_with_the_field(mesh):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw(mesh, b"\xff" * 32)

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert reason(refused.value) == "MESSAGE_UNREADABLE"


async def test_what_is_too_large_is_refused(mesh):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw(mesh, pb.ConsultRequest(legal_context="x" * 1_200_000).SerializeToString())

    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert reason(refused.value) == "MESSAGE_TOO_LARGE"


@pytest.mark.parametrize(
    "change",
    [
        {"legal_context": ""},
        {"legal_context": "x" * 65},
        {"data_contract": "handicap"},
        {"data_contract": ""},
    ],
)
async def test_an_unusable_envelope_names_the_field(mesh, change):
    fault = await refusal(mesh, question(**change))

    assert fault.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert reason(fault) == "INVALID_ARGUMENT"


async def test_a_deadline_that_is_too_short_ends_the_call(mesh):
    fault = await refusal(mesh, timeout=0.001)

    assert fault.code() is grpc.StatusCode.DEADLINE_EXCEEDED


@pytest.mark.parametrize("rpc", ["cbss.audit.v1.AuditService/RecordExchanges", "x.Y/Z"])
async def test_what_is_not_public_cannot_be_reached(mesh, trail, rpc):
    place = await trail.last()

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        async with mesh.institution("pcsw-ghent").channel() as channel:
            await channel.unary_unary(f"/{rpc}")(b"", timeout=5)

    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
    await trail.wait_for_reason("PATH_UNKNOWN", place)


@pytest.mark.parametrize("service", ["routing", "audit", "access", "directory", "identification"])
async def test_a_service_called_around_the_gateway_refuses_an_institution(mesh, service):
    institution = mesh.institution("pcsw-ghent")
    files = Credentials(institution.certificate, institution.private_key)
    around = mesh.workload("operator", service)
    identity = type(around)(
        GHENT,
        files.certificate,
        files.private_key,
        around.authority,
        around.address,
        around.server_name,
    )

    fault = await refusal(mesh, identity=identity)

    assert fault.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_workload_that_is_not_listed_is_refused(mesh):
    fault = await refusal(mesh, identity=mesh.workload("buffer", "routing"))

    assert fault.code() is grpc.StatusCode.PERMISSION_DENIED
    assert reason(fault) == "CALLER_NOT_LISTED"


@pytest.mark.parametrize("given", [{"ssin": ""}, {"cbe_number": "0899990150"}])
async def test_a_question_is_about_one_thing(mesh, given):
    fault = await refusal(mesh, question(**given))

    assert fault.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert reason(fault) == "INVALID_ARGUMENT"
