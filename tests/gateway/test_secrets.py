"""What Envoy trusts and shows follows its files, and is never replaced by something worse."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway import secrets as watching
from gateway.secrets import Secrets
from services.kit import tls
from tests.gateway.patience import until
from tests.support.certificates import Authority, Files, Issued

SERVER, TRUSTED = "server-certificate.json", "server-validation.json"
MESH, PEERS = "mesh-certificate.json", "mesh-validation.json"


@dataclass
class Vault:
    """The files of an edge, and the folder that Envoy watches."""

    folder: Path
    mesh_authority: Authority
    institutions: Authority

    def __post_init__(self) -> None:
        self.server = self.issued("server", self.institutions)
        self.mesh = self.issued("mesh", self.mesh_authority)
        self.revoke()
        self.secrets = Secrets(
            self.folder / "watched", watched(self.server), watched(self.mesh), self.revoked
        )

    @property
    def revoked(self) -> Path:
        return self.folder / "revoked.crl"

    def issued(self, name: str, authority: Authority) -> Files:
        return authority.files(self.folder, authority.workload("gateway"), name)

    def revoke(self, *revoked: Issued) -> None:
        self.revoked.write_bytes(self.institutions.revocation_list(*revoked))

    def written(self, name: str) -> dict:
        (resource,) = json.loads((self.folder / "watched" / name).read_text())["resources"]
        return resource

    def everything(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.folder / "watched").iterdir()}


def watched(files: Files) -> tls.Files:
    return tls.Files(files.certificate_file, files.private_key_file, files.authority_file)


@pytest.fixture
def vault(tmp_path: Path, authority: Authority) -> Vault:
    """Files that are all right, not yet written for Envoy."""
    return Vault(tmp_path, authority, Authority("test institutions authority"))


def test_the_first_look_writes_everything(vault):
    assert vault.secrets.refresh() == [SERVER, TRUSTED, MESH, PEERS]

    shown = vault.written(SERVER)["tls_certificate"]
    trusted = vault.written(TRUSTED)["validation_context"]
    assert shown["certificate_chain"]["inline_string"] == vault.server.certificate_file.read_text()
    assert shown["private_key"]["inline_string"] == vault.server.private_key_file.read_text()
    assert trusted["trusted_ca"]["inline_string"] == vault.institutions.pem.decode()
    assert trusted["crl"]["inline_string"] == vault.revoked.read_text()
    assert "crl" not in vault.written(PEERS)["validation_context"]


def test_what_did_not_change_is_not_written_again(vault):
    vault.secrets.refresh()

    assert vault.secrets.refresh() == []


def test_only_the_owner_reads_what_was_written(vault):
    vault.secrets.refresh()

    folder = vault.folder / "watched"
    assert [path.name for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize(("name", "secret"), [("server", SERVER), ("mesh", MESH)])
def test_a_renewed_certificate_is_written_with_its_key(vault, name, secret):
    vault.secrets.refresh()
    authority = vault.institutions if name == "server" else vault.mesh_authority
    renewed = vault.issued(name, authority)

    assert vault.secrets.refresh() == [secret]
    shown = vault.written(secret)["tls_certificate"]
    assert shown["certificate_chain"]["inline_string"] == renewed.certificate_file.read_text()
    assert shown["private_key"]["inline_string"] == renewed.private_key_file.read_text()


def test_a_new_revocation_list_is_written(vault):
    vault.secrets.refresh()
    vault.revoke(vault.institutions.program())

    assert vault.secrets.refresh() == [TRUSTED]
    crl = vault.written(TRUSTED)["validation_context"]["crl"]["inline_string"]
    assert crl == vault.revoked.read_text()


@pytest.mark.parametrize("name", ["server", "mesh"])
def test_a_certificate_whose_key_is_still_the_old_one_is_not_written(vault, name):
    vault.secrets.refresh()
    before = vault.everything()
    files: Files = getattr(vault, name)
    files.certificate_file.write_bytes(vault.institutions.workload("gateway").pem)

    assert vault.secrets.refresh() == []
    assert vault.everything() == before


def test_a_half_replaced_certificate_is_written_once_it_is_whole(vault):
    vault.secrets.refresh()
    renewed = vault.institutions.workload("gateway")
    vault.server.certificate_file.write_bytes(renewed.pem)
    vault.secrets.refresh()
    vault.server.private_key_file.write_bytes(renewed.key_pem)

    assert vault.secrets.refresh() == [SERVER]


def unusable(vault: Vault) -> dict[str, bytes]:
    good = vault.institutions.revocation_list()
    namesake = Authority("test institutions authority")
    return {
        "of another authority": vault.mesh_authority.revocation_list(),
        "of a namesake": namesake.revocation_list(),
        "expired": vault.institutions.revocation_list(days=-1),
        "of a clock that is ahead": vault.institutions.revocation_list(begins=0.01),
        "garbage": b"garbage",
        "binary": b"\xff\x00" * 100,
        "garbage between the lines": b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n",
        "cut off": good[: len(good) // 2],
        "empty": b"",
        "a certificate": vault.institutions.pem,
    }


KINDS = [
    "of another authority",
    "of a namesake",
    "expired",
    "of a clock that is ahead",
    "garbage",
    "binary",
    "garbage between the lines",
    "cut off",
    "empty",
    "a certificate",
]


@pytest.mark.parametrize("kind", KINDS)
def test_an_unusable_revocation_list_is_not_written_and_the_last_stays(vault, kind):
    vault.secrets.refresh()
    before = vault.everything()
    vault.revoked.write_bytes(unusable(vault)[kind])

    assert vault.secrets.refresh() == []
    assert vault.everything() == before


def test_a_list_that_begins_later_is_written_once_it_begins(vault, monkeypatch):
    vault.secrets.refresh()
    ahead = vault.institutions.revocation_list(days=9, begins=0.01)
    vault.revoked.write_bytes(ahead)
    with capture_logs() as logs:
        assert [vault.secrets.refresh() for _ in range(3)] == [[]] * 3
    assert [log["fault"] for log in logs] == ["the revocation list of an authority begins later"]

    monkeypatch.setattr(watching, "datetime", Later)

    assert vault.secrets.refresh() == [TRUSTED]


class Later(datetime):
    """A clock that is an hour on."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(hours=1)


@pytest.mark.parametrize("kind", ["of a clock that is ahead", "garbage", "expired"])
def test_an_edge_that_starts_again_goes_on_with_the_list_that_was_in_force(vault, kind):
    vault.secrets.refresh()
    before = vault.everything()
    vault.revoked.write_bytes(unusable(vault)[kind])

    again = Secrets(vault.secrets.folder, vault.secrets.server, vault.secrets.mesh, vault.revoked)
    again.refresh()

    assert vault.everything() == before


def test_what_ends_is_told_with_its_day(vault):
    vault.secrets.refresh()

    left = {
        one.name: round((one.ends_at - datetime.now(UTC)) / timedelta(days=1))
        for one in vault.secrets.endings()
    }

    assert left == {
        "server-certificate": 30,
        "server-certificate-authority": 30,
        "mesh-certificate": 30,
        "mesh-certificate-authority": 30,
        "revocation-list": 1,
    }


def test_a_revocation_list_that_is_away_leaves_the_last(vault):
    vault.secrets.refresh()
    before = vault.everything()
    vault.revoked.unlink()

    assert vault.secrets.refresh() == []
    assert vault.everything() == before


def test_a_good_list_after_a_bad_one_is_written(vault):
    vault.secrets.refresh()
    vault.revoked.write_bytes(b"garbage")
    vault.secrets.refresh()
    vault.revoke(vault.institutions.program())

    assert vault.secrets.refresh() == [TRUSTED]


@pytest.mark.parametrize("kind", KINDS)
def test_an_edge_does_not_start_with_an_unusable_revocation_list(vault, kind):
    vault.revoked.write_bytes(unusable(vault)[kind])

    with pytest.raises(ValueError, match=r".+"):
        vault.secrets.refresh()
    assert vault.everything() == {}


@pytest.mark.parametrize("missing", ["certificate_file", "private_key_file", "authority_file"])
@pytest.mark.parametrize("name", ["server", "mesh"])
def test_an_edge_does_not_start_without_its_files(vault, name, missing):
    getattr(getattr(vault, name), missing).unlink()

    with pytest.raises(FileNotFoundError):
        vault.secrets.refresh()
    assert vault.everything() == {}


def test_an_edge_does_not_start_without_a_revocation_list(vault):
    vault.revoked.unlink()

    with pytest.raises(FileNotFoundError):
        vault.secrets.refresh()


def test_every_trusted_authority_needs_a_list(vault):
    vault.secrets.refresh()
    second = Authority("second institutions authority")
    vault.server.authority_file.write_bytes(vault.institutions.pem + second.pem)
    vault.revoke(vault.institutions.program())

    vault.secrets.refresh()
    held = vault.written(TRUSTED)["validation_context"]
    assert held["crl"]["inline_string"] != vault.revoked.read_text()

    both = vault.institutions.revocation_list() + second.revocation_list()
    vault.revoked.write_bytes(both)
    vault.secrets.refresh()
    held = vault.written(TRUSTED)["validation_context"]
    assert held["crl"]["inline_string"] == both.decode()
    assert held["trusted_ca"]["inline_string"] == vault.server.authority_file.read_text()


def test_remarks_around_a_certificate_in_any_encoding_stop_nothing(vault):
    vault.secrets.refresh()
    renewed = vault.institutions.workload("gateway")
    vault.server.certificate_file.write_bytes("subject=O=Crèche\n".encode("latin-1") + renewed.pem)
    vault.server.private_key_file.write_bytes(renewed.key_pem)
    listed = "liste révoquée\n".encode("latin-1") + vault.institutions.revocation_list()
    vault.revoked.write_bytes(listed)

    assert vault.secrets.refresh() == [SERVER, TRUSTED]


@pytest.fixture
async def followed(vault, monkeypatch):
    """The vault, its files followed; being followed ends well."""
    monkeypatch.setattr(watching, "INTERVAL", watching.INTERVAL / 1000)
    vault.secrets.refresh()
    keeping = asyncio.create_task(vault.secrets.keep())
    yield vault
    keeping.cancel()
    await asyncio.wait([keeping])
    assert keeping.cancelled()


def shows_its_newest(vault: Vault) -> bool:
    chain = vault.written(SERVER)["tls_certificate"]["certificate_chain"]["inline_string"]
    return chain == vault.server.certificate_file.read_text()


async def test_the_files_are_followed_as_long_as_the_edge_runs(followed):
    followed.revoked.write_bytes(b"garbage")
    followed.issued("server", followed.institutions)

    await until(lambda: shows_its_newest(followed))


async def test_a_folder_that_cannot_be_written_is_tried_again(followed):
    folder = followed.folder / "watched"
    with capture_logs() as logs:
        folder.rename(followed.folder / "aside")
        folder.write_bytes(b"no folder")
        await until(lambda: "secrets not written, trying again" in [log["event"] for log in logs])
        folder.unlink()
        (followed.folder / "aside").rename(folder)
        followed.issued("server", followed.institutions)

        await until(lambda: shows_its_newest(followed))
