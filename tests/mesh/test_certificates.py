"""Certificates: who is refused at the edge before a word is read, and that the trail has it."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import grpc
import pytest
from cryptography import x509

from sandbox.authority import VALID, Authority
from sandbox.client import Institution
from sandbox.organizations import organizations
from sandbox.topology import SOURCES
from tests.mesh.asking import outcome, question, refusal, until_it_answers
from tests.support.waiting import until

GHENT = organizations()["pcsw-ghent"]
DAY = timedelta(days=1)


def of_another_authority(mesh):
    issued = Authority.founded("elsewhere").organization("app", "OCMW", f"NTRBE-{GHENT.cbe_number}")
    return mesh.identity(mesh.vault.add("elsewhere", issued), GHENT.cbe_number)


def expired(mesh):
    own = mesh.vault.files("pcsw-ghent").issued()
    now = datetime.now(UTC)
    issued = mesh.vault.institutions.issue(
        list(own.certificate.subject), [], begins=now - 3 * DAY, ends=now - DAY, key=own.key
    )
    return mesh.identity(mesh.vault.add("expired", issued), GHENT.cbe_number)


@pytest.mark.parametrize(
    ("client", "why"),
    [(of_another_authority, "CERTIFICATE_UNTRUSTED"), (expired, "CERTIFICATE_EXPIRED")],
)
async def test_is_refused_at_the_edge_and_recorded(mesh, trail, client, why):
    place = await trail.last()

    fault = await refusal(mesh, identity=client(mesh))

    assert fault.code() is grpc.StatusCode.UNAVAILABLE
    await trail.wait_for_reason(why, place)


async def test_no_certificate_at_all_is_refused_and_recorded(mesh, trail):
    place = await trail.last()
    identity = mesh.institution("pcsw-ghent")
    credentials = grpc.ssl_channel_credentials(identity.authority.read_bytes())
    options = [("grpc.ssl_target_name_override", identity.server_name)]

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        async with grpc.aio.secure_channel(identity.address, credentials, options) as channel:
            await Institution(identity, channel).consult(question())

    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    await trail.wait_for_reason("CERTIFICATE_MISSING", place)


async def test_a_certificate_is_refused_once_it_is_on_the_revocation_list(mesh, trail):
    own = mesh.vault.files("pcsw-ghent").issued()
    renewed = mesh.vault.institutions.issue(list(own.certificate.subject), [], key=own.key)
    identity = mesh.identity(mesh.vault.add("renewed", renewed), GHENT.cbe_number)
    place = await trail.last()

    async def admitted():
        try:
            async with Institution.of(identity) as institution:
                return outcome(await institution.consult(question())) == "DATA_FOUND MSG00000"
        except grpc.aio.AioRpcError:
            return False

    async def refused():
        return not await admitted()

    # A renewal on the same key needs no new onboarding.
    assert await admitted()
    mesh.vault.revoke([renewed])
    try:
        await until(refused)
        await trail.wait_for_reason("CERTIFICATE_REVOKED", place)
    finally:
        mesh.vault.revoke([])
    await until(admitted)


async def test_a_connection_that_is_open_does_not_outlive_the_revocation(mesh):
    """A connection is closed by the edge before a minute is over: it is made anew, and shown again
    whom it belongs to."""
    own = mesh.vault.files("pcsw-ghent").issued()
    renewed = mesh.vault.institutions.issue(list(own.certificate.subject), [], key=own.key)
    identity = mesh.identity(mesh.vault.add("open", renewed), GHENT.cbe_number)
    async with Institution.of(identity) as institution:

        async def refused():
            try:
                await institution.consult(question(), timeout=3)
            except grpc.aio.AioRpcError as fault:
                return fault.code() is grpc.StatusCode.UNAVAILABLE
            return False

        assert not await refused()
        mesh.vault.revoke([renewed])
        try:
            await until(refused, patience=120)
        finally:
            mesh.vault.revoke([])


async def test_a_renewed_certificate_of_a_service_is_taken_up_without_a_restart(mesh):
    before = mesh.processes.pid("access")
    renewed = mesh.vault.mesh.workload("access", "localhost")
    mesh.vault.add("mesh-access", renewed)

    async def shown():
        return await _serial(mesh, "access") == renewed.certificate.serial_number

    await until(shown)
    assert mesh.processes.pid("access") == before


async def test_everything_that_ends_soon_is_renewed_while_the_mesh_serves(mesh):
    services = ("identification", "directory", "access", "audit", "routing", "buffer", "dgph")
    before = {name: await _serial(mesh, name) for name in services}
    pids = {name: mesh.processes.pid(name) for name in services}

    mesh.vault.renew(datetime.now(UTC) + VALID)

    for name in services:

        async def shown(name=name):
            return await _serial(mesh, name) != before[name]

        await until(shown)
    await until_it_answers(mesh)
    assert {name: mesh.processes.pid(name) for name in services} == pids


async def _serial(mesh, service):
    issuer = "sources" if service in SOURCES else "mesh"
    files = mesh.vault.workload("operator")
    context = ssl.create_default_context(cafile=str(mesh.vault.authority_file(issuer)))
    context.load_cert_chain(files.certificate, files.private_key)
    context.set_alpn_protocols(["h2"])
    _, writer = await asyncio.open_connection(
        "127.0.0.1", mesh.ports[service], ssl=context, server_hostname=service
    )
    der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(der).serial_number
