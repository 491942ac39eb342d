"""Mutual TLS 1.3, and certificates that change while the process runs."""

import asyncio
import socket
import ssl

import grpc
import pytest
from cryptography.x509.oid import NameOID

from services.kit.channels import channel
from services.kit.errors import PeerUnavailable
from services.kit.server import listen_on
from services.kit.tls import ClientTls, Identity
from services.kit.tls import Files as Watched
from tests.support.certificates import Authority
from tests.support.echo import CALLERS, Servicer, Stub, service
from tests.support.server import served, settings


@pytest.fixture
async def echo(tmp_path, authority):
    async with served(tmp_path, authority, [service(Servicer())], CALLERS) as running:
        yield running


def shaken(echo, files, version: ssl.TLSVersion) -> str | None:
    """Shake hands at one TLS version with a good certificate; what was agreed on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = context.maximum_version = version
    context.load_verify_locations(files.authority_file)
    context.load_cert_chain(files.certificate_file, files.private_key_file)
    context.set_alpn_protocols(["h2"])
    with (
        socket.create_connection(("127.0.0.1", echo.port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname=echo.name) as secured,
    ):
        return secured.version()


async def test_tls_1_3_is_agreed_and_tls_1_2_is_not(echo, authority, tmp_path):
    files = authority.files(tmp_path, authority.workload("routing"), "routing")

    assert await asyncio.to_thread(shaken, echo, files, ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    with pytest.raises(ssl.SSLError):
        await asyncio.to_thread(shaken, echo, files, ssl.TLSVersion.TLSv1_2)


async def test_a_client_without_a_certificate_is_refused(echo):
    stub = Stub(await echo.raw(None))

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Echo(1, timeout=5)

    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_client_of_another_authority_is_refused(echo, authority):
    stranger = Authority("strangers").workload("routing")
    stub = Stub(await echo.raw(stranger, authority))

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stub.Echo(1, timeout=5)

    assert caught.value.code() is grpc.StatusCode.UNAVAILABLE


async def test_a_server_that_is_somebody_else_is_not_called(echo, authority, tmp_path):
    tls = ClientTls.of(authority.files(tmp_path, authority.workload("routing"), "routing"))

    async with channel(echo.address, server_name="audit", tls=tls) as opened:
        with pytest.raises(PeerUnavailable):
            await Stub(opened).Echo(1, timeout=5)


async def test_a_server_shows_its_new_certificate_without_a_restart(tmp_path, authority):
    async with served(tmp_path, authority, [service(Servicer())], CALLERS) as echo:
        old = Stub(await echo.raw(authority.workload("routing")))
        assert await old.Echo(1) == 1

        renewed = Authority("the next authority")
        renewed.files(tmp_path, renewed.workload("directory"), "directory")
        fresh = Stub(await echo.raw(renewed.workload("routing"), renewed))

        assert await fresh.Echo(2) == 2
        assert await old.Echo(3) == 3


async def test_a_channel_changes_to_its_new_certificate_and_drains_the_old(tmp_path, authority):
    servicer = Servicer()
    async with served(tmp_path, authority, [service(servicer)], CALLERS) as echo:
        files = authority.files(tmp_path, authority.workload("buffer"), "client")
        tls = ClientTls.of(files)
        async with channel(echo.address, server_name="directory", tls=tls) as opened:
            stub = Stub(opened)
            assert not opened.renew()
            authority.files(tmp_path, authority.workload("routing"), "client")
            assert opened.renew()

            held = asyncio.create_task(stub.Hold(5))
            await servicer.holding.acquire()
            authority.files(tmp_path, authority.workload("gateway"), "client")
            assert opened.renew()
            await stub.Told(1)
            servicer.release.set()

            assert await held == 5
            assert servicer.told[0][0].workload == "gateway"


def test_a_process_that_would_accept_tls_1_2_does_not_serve(monkeypatch, authority, tmp_path):
    monkeypatch.setattr("services.kit.server.REFUSES_TLS_1_2", False)
    given = settings(authority.files(tmp_path, authority.workload("directory"), "directory"))

    with pytest.raises(RuntimeError, match=r"TLS 1\.2"):
        listen_on(None, given)


def test_files_that_do_not_belong_together_are_ignored_until_they_do(tmp_path, authority):
    files = authority.files(tmp_path, authority.workload("routing"), "one")
    watched = Watched(files.certificate_file, files.private_key_file, files.authority_file)
    first = watched.identity()

    other = authority.workload("routing")
    files.certificate_file.write_bytes(other.pem)
    assert watched.identity() is first
    files.private_key_file.write_bytes(b"half a key")
    assert watched.identity() is first
    files.private_key_file.unlink()
    assert watched.identity() is first
    files.private_key_file.write_bytes(other.key_pem)

    assert watched.identity().certificate == other.pem
    assert watched.identity() is watched.identity()


def test_a_process_does_not_start_without_a_usable_identity(tmp_path, authority):
    files = authority.files(tmp_path, authority.workload("routing"), "one")
    files.certificate_file.write_bytes(authority.workload("routing").pem)

    with pytest.raises(ValueError, match="another certificate"):
        ClientTls.of(files).identity()


def test_a_key_does_not_print_itself(tmp_path, authority):
    files = authority.files(tmp_path, authority.workload("routing"), "one")

    assert "PRIVATE" not in repr(ClientTls.of(files).identity())


class Held:
    """An identity that is shown whatever the clock says, as by a process that was not renewed."""

    def __init__(self, identity):
        self._identity = identity

    def identity(self):
        return self._identity


@pytest.mark.parametrize(("days", "why"), [(-1, "OWN_CERTIFICATE_EXPIRED"), (30, None)])
async def test_a_peer_that_hangs_up_on_an_expired_certificate_is_told_as_such(
    echo, authority, days, why
):
    # The other one fails too: it is of an authority that the peer does not know.
    issuer = authority if days < 0 else Authority("strangers")
    own = issuer.issue([(NameOID.COMMON_NAME, "routing")], [], days=days)
    held = Held(Identity(own.pem, own.key_pem, authority.pem))

    async with channel(echo.address, server_name=echo.name, tls=held) as opened:
        with pytest.raises(PeerUnavailable) as refused:
            await Stub(opened).Echo(1, timeout=60)

    assert refused.value.facts == {"peer": echo.name} | ({"reason": why} if why else {})
