"""All certificates of the country: issued once, kept in the state, found by name."""

import json
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509

from sandbox.authority import VALID, Authority, Issued
from sandbox.identities import Credentials
from sandbox.organizations import organizations
from sandbox.signing import SigningIn
from sandbox.state import State
from sandbox.topology import OFFICIAL_STATUSES, SOURCES
from services.kit.files import replace_file
from services.kit.tlog.notes import COSIGNATURE, SIGNATURE, Signer, private_key_text
from services.mesh import clients, named_in_certificates

HERE = ("localhost", "127.0.0.1")
"""What browsers call the edge, beside its name."""
EDGE = "gateway"
"""The name in the certificate that institutions see."""

OPERATORS = ("operator", "second-operator")
"""The people of the bank who operate the mesh, by the common names of their certificates: they
prepare what opens data to others."""
COMMITTEE = ("committee-member", "second-committee-member")
"""The members of the committee, who decide it. Nobody is both."""
PEOPLE = {"operator": OPERATORS, "committee": COMMITTEE}
"""The people who work with the mesh, by office: each office has an authority of its own."""

AUTHORITIES = ("mesh", "operators", "committees", "institutions", "sources", "citizens")
_END = b"-----END X509 CRL-----\n"


class Vault:
    """The authorities and everything they issued."""

    def __init__(self, state: State, valid: timedelta = VALID) -> None:
        self._folder = state.certificates
        self._state = state
        self._valid = valid

    @classmethod
    def founded(cls, state: State, valid: timedelta = VALID) -> "Vault":
        """The vault of a state with all that a country needs in it: what is missing is issued, what
        ends soon is renewed."""
        vault = cls(state, valid)
        vault._found()
        vault.renew()
        return vault

    def _found(self) -> None:
        for name in AUTHORITIES:
            if not self.authority_file(name).exists():
                new = Authority.founded(f"CBSS sandbox, {name}", self._valid)
                new.own.write(self.authority_file(name), self._folder / f"{name}-authority.key")
        for name, (_, make) in self._own().items():
            self._issue(name, make)
        self._write_clients_authorities()
        if not self._lists_are_whole():
            self.revoke(())
        self._subject_keys()
        self._content_key()
        self.signing_in.found()
        self._log_key("log", "audit.cbss.sandbox/trail", SIGNATURE)
        self._log_key("promises", "promises.cbss.sandbox", SIGNATURE)
        self._log_key("witness", "witness.sandbox", COSIGNATURE)

    def _own(self) -> Mapping[str, tuple[str, Callable[[], Issued]]]:
        """What every country needs: by the name of its files who issues it, and how."""
        edge = partial(self.institutions.organization, EDGE, "CBSS", None, EDGE, *HERE)
        workloads = {
            f"mesh-{n}": ("mesh", partial(self._workload, n))
            for n in (*named_in_certificates(), *clients())
        }
        # With what they call at the edge: certificates that name no organization.
        calling = {
            n: ("institutions", partial(self.institutions.organization, n, "CBSS", None, n))
            for n in clients()
        }
        people = {
            f"mesh-{n}": (
                f"{office}s",
                partial(self._authority(f"{office}s").person, office, n),
            )
            for office, names in PEOPLE.items()
            for n in names
        }
        places = (*organizations(), OFFICIAL_STATUSES)
        programs = {n: ("institutions", partial(self.program, n)) for n in places}
        sources = {
            f"source-{n}": ("sources", partial(self._source, n))
            for n in (*SOURCES, OFFICIAL_STATUSES)
        }
        officers = {
            f"{n}-officer": ("institutions", partial(self._officer, n)) for n in organizations()
        }
        return (
            workloads
            | calling
            | people
            | {"edge": ("institutions", edge)}
            | programs
            | sources
            | officers
        )

    def _workload(self, name: str) -> Issued:
        return self.mesh.workload(name, "localhost")

    @property
    def mesh(self) -> Authority:
        """Vouches for services."""
        return self._authority("mesh")

    @property
    def institutions(self) -> Authority:
        """Vouches for institutions' programs and officers, and for the edge."""
        return self._authority("institutions")

    @property
    def sources(self) -> Authority:
        """Vouches for authentic sources."""
        return self._authority("sources")

    @property
    def citizens(self) -> Authority:
        """Vouches for citizens' cards."""
        return self._authority("citizens")

    def renew(self, now: datetime | None = None) -> list[str]:
        """Renew what has less than a third of its time left, each for the key that it has: the
        names of what was renewed. Running processes see it by themselves."""
        due = (now or datetime.now(UTC)) + self._valid / 3
        renewed = [name for name in AUTHORITIES if self._renew_authority(name, due)]
        if renewed:
            self._write_clients_authorities()
        cards = [path.stem for path in sorted(self._folder.glob("citizen-*.crt"))]
        issuers = {name: issuer for name, (issuer, _) in self._own().items()}
        for name, issuer in (issuers | dict.fromkeys(cards, "citizens")).items():
            issued = self.files(name).issued()
            if issued.certificate.not_valid_after_utc < due:
                self.add(name, self._authority(issuer).renewed(issued))
                renewed.append(name)
        return [*renewed, *self._renew_lists(due)]

    def _renew_authority(self, name: str, due: datetime) -> bool:
        own = self._authority(name).own
        if own.certificate.not_valid_after_utc >= due:
            return False
        new = Authority.founded(f"CBSS sandbox, {name}", self._valid, key=own.key)
        replace_file(self.authority_file(name), new.own.pem)
        return True

    def _renew_lists(self, due: datetime) -> list[str]:
        lists = [x509.load_pem_x509_crl(part) for part in _lists(self.revocation_list)]
        if all(one.next_update_utc and one.next_update_utc >= due for one in lists):
            return []
        issuers = {one.own.certificate.subject: one for one in (self.institutions, self.citizens)}
        content = b"".join(issuers[one.issuer].renewed_list(one) for one in lists)
        replace_file(self.revocation_list, content)
        return ["revocation lists"]

    def _write_clients_authorities(self) -> None:
        pems = (self.institutions.own.pem, self.citizens.own.pem)
        replace_file(self.clients_authorities, b"".join(pems))

    def workload(self, name: str) -> Credentials:
        """The files of a service of the mesh, or of a person who works with it."""
        return self.files(f"mesh-{name}")

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

    @property
    def content_key(self) -> Path:
        """The secret with which routing seals the contents of notices."""
        return self._state.secrets / "content.key"

    @property
    def signing_in(self) -> SigningIn:
        """The files by which people are signed in."""
        return SigningIn(self._state.secrets, self._folder)

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
        return self.revocation_list.exists() and len(_lists(self.revocation_list)) == 2

    def _authority(self, name: str) -> Authority:
        certificate, key = self.authority_file(name), self._folder / f"{name}-authority.key"
        return Authority.read(certificate, key, self._valid)

    def _issue(self, name: str, make: Callable[[], Issued]) -> None:
        if not self.files(name).certificate.exists():
            self.add(name, make())

    def _subject_keys(self) -> None:
        if not self.subject_keys.exists():
            pair = {part: _secret() for part in ("hmac", "encryption")}
            content = json.dumps({"current": 1, "versions": {"1": pair}}).encode()
            replace_file(self.subject_keys, content, mode=0o600)

    def _content_key(self) -> None:
        if not self.content_key.exists():
            replace_file(self.content_key, _secret().encode(), mode=0o600)

    def _log_key(self, name: str, called: str, kind: bytes) -> None:
        if not self.log_key(name).exists():
            text = private_key_text(called, kind, secrets.token_bytes(32))
            replace_file(self.log_key(name), text.encode(), mode=0o600)
        public = str(Signer.parse(self.log_key(name).read_text()).verifier)
        replace_file(self.log_public_key(name), f"{public}\n".encode())


def _lists(path: Path) -> list[bytes]:
    """The revocation lists in a file."""
    *whole, _ = path.read_bytes().split(_END)
    return [part + _END for part in whole]


def _secret() -> str:
    return b64encode(secrets.token_bytes(32)).decode()
