"""All certificates of the country: issued once, kept in the state, found by name."""

import json
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sandbox.authority import Authority, Issued
from sandbox.organizations import organizations
from sandbox.state import State
from sandbox.topology import OFFICIAL_STATUSES, SOURCES
from services.kit.files import replace_file
from services.kit.tlog.notes import COSIGNATURE, SIGNATURE, Signer, private_key_text

EDGE = "gateway"
"""The name in the certificate that institutions see."""
WORKLOADS = ("gateway", "identification", "directory", "access", "routing", "audit", "buffer")

OPERATORS = ("operator", "second-operator")
"""The people of the bank who operate the mesh, by the common names of their certificates: they
prepare what opens data to others."""
COMMITTEE = ("committee-member", "second-committee-member")
"""The members of the committee, who decide it. Nobody is both."""
PEOPLE = {"operator": OPERATORS, "committee": COMMITTEE}
"""The people who work with the mesh, by office: each office has an authority of its own."""


@dataclass(frozen=True)
class Credentials:
    """The files of one identity."""

    certificate: Path
    private_key: Path

    def issued(self) -> Issued:
        """What the files hold."""
        key = load_pem_private_key(self.private_key.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return Issued(x509.load_pem_x509_certificate(self.certificate.read_bytes()), key)


class Vault:
    """The authorities and everything they issued."""

    def __init__(self, state: State) -> None:
        self._folder = state.certificates
        self._state = state
        self.mesh = self._authority("mesh")
        self.institutions = self._authority("institutions")
        self.citizens = self._authority("citizens")
        self.sources = self._authority("sources")
        for name in WORKLOADS:
            self._issue(f"mesh-{name}", partial(self.mesh.workload, name, "localhost"))
        for office, names in PEOPLE.items():
            for name in names:
                issue = partial(self._authority(f"{office}s").person, office, name)
                self._issue(f"{office}-{name}", issue)
        self._issue("edge", partial(self.institutions.organization, EDGE, "CBSS", None, EDGE))
        for one in (*organizations(), OFFICIAL_STATUSES):
            self._issue(one, partial(self.program, one))
        for one in (*SOURCES, OFFICIAL_STATUSES):
            self._issue(f"source-{one}", partial(self._source, one))
        for one in organizations():
            self._issue(f"{one}-officer", partial(self._officer, one))
        pems = (self.institutions.own.pem, self.citizens.own.pem)
        replace_file(self.clients_authorities, b"".join(pems))
        if not self._lists_are_whole():
            self.revoke(())
        self._subject_keys()
        self._log_key("log", "audit.cbss.sandbox/trail", SIGNATURE)
        self._log_key("promises", "promises.cbss.sandbox", SIGNATURE)
        self._log_key("witness", "witness.sandbox", COSIGNATURE)

    def workload(self, name: str) -> Credentials:
        """The files of a service of the mesh, or of a person who works with it."""
        offices = [office for office, names in PEOPLE.items() if name in names]
        return self.files(f"{offices[0] if offices else 'mesh'}-{name}")

    def source(self, name: str) -> Credentials:
        """The files with which an authentic source answers."""
        return self.files(f"source-{name}")

    def files(self, name: str) -> Credentials:
        """The files of an organization's program, of the edge (`edge`), or of what was added."""
        return Credentials(self._folder / f"{name}.crt", self._folder / f"{name}.key")

    def authority_file(self, name: str) -> Path:
        """The certificate of an authority: `mesh`, `operators`, `committees`, `institutions`,
        `sources` or `citizens`."""
        return self._folder / f"{name}-authority.crt"

    @property
    def clients_authorities(self) -> Path:
        """The authorities of all who call at the edge: institutions and citizens."""
        return self._folder / "clients-authorities.crt"

    @property
    def revocation_list(self) -> Path:
        """What the institutions' authority no longer vouches for."""
        return self._folder / "revoked.crl"

    @property
    def subject_keys(self) -> Path:
        """The keys with which the trail hides persons."""
        return self._state.secrets / "subject-keys.json"

    def log_key(self, name: str) -> Path:
        """The private key of the trail's log (`log`) or of its witness (`witness`)."""
        return self._state.secrets / f"{name}.key"

    def log_public_key(self, name: str) -> Path:
        """The public key that belongs to it."""
        return self._folder / f"{name}.pub"

    def citizen(self, ssin: str) -> Credentials:
        """The card of a citizen, made when it is first asked for."""
        name = f"citizen-{ssin}"
        self._issue(name, partial(self.citizens.citizen, ssin, "Citizen"))
        return self.files(name)

    def program(self, organization: str) -> Issued:
        """A new certificate of an organization's program, with a key of its own."""
        one = organizations()["cbss" if organization == OFFICIAL_STATUSES else organization]
        return self.institutions.organization(
            f"{organization} program", one.title, f"NTRBE-{one.cbe_number}", organization
        )

    def _source(self, organization: str) -> Issued:
        one = organizations()["cbss" if organization == OFFICIAL_STATUSES else organization]
        identifier = f"NTRBE-{one.cbe_number}"
        called = f"{organization} source"
        return self.sources.organization(called, one.title, identifier, organization)

    def officer(self, organization: str) -> Credentials:
        """The files of who is told of misuse at an organization."""
        return self.files(f"{organization}-officer")

    def _officer(self, organization: str) -> Issued:
        one = organizations()[organization]
        called = f"{organization} officer"
        return self.institutions.organization(called, one.title, f"NTRBE-{one.cbe_number}")

    def add(self, name: str, issued: Issued) -> Credentials:
        """Keep a certificate under a name."""
        files = self.files(name)
        issued.write(files.certificate, files.private_key)
        return files

    def revoke(self, revoked: Iterable[Issued]) -> None:
        """Publish a revocation list with these certificates and no others."""
        lists = (self.institutions.revocation_list(*revoked), self.citizens.revocation_list())
        replace_file(self.revocation_list, b"".join(lists))

    def _lists_are_whole(self) -> bool:
        """Whether there is a list of each authority whose certificates the edge accepts."""
        held = self.revocation_list.read_bytes() if self.revocation_list.exists() else b""
        return held.count(b"BEGIN X509 CRL") == 2

    def _authority(self, name: str) -> Authority:
        certificate, key = self.authority_file(name), self._folder / f"{name}-authority.key"
        if not certificate.exists():
            Authority.founded(f"CBSS sandbox, {name}").own.write(certificate, key)
        return Authority.read(certificate, key)

    def _issue(self, name: str, make: Callable[[], Issued]) -> None:
        if not self.files(name).certificate.exists():
            self.add(name, make())

    def _subject_keys(self) -> None:
        if not self.subject_keys.exists():
            pair = {part: _secret() for part in ("hmac", "encryption")}
            content = json.dumps({"current": 1, "versions": {"1": pair}}).encode()
            replace_file(self.subject_keys, content, mode=0o600)

    def _log_key(self, name: str, called: str, kind: bytes) -> None:
        if not self.log_key(name).exists():
            text = private_key_text(called, kind, secrets.token_bytes(32))
            replace_file(self.log_key(name), text.encode(), mode=0o600)
        public = str(Signer.parse(self.log_key(name).read_text()).verifier)
        replace_file(self.log_public_key(name), f"{public}\n".encode())


def _secret() -> str:
    return b64encode(secrets.token_bytes(32)).decode()
