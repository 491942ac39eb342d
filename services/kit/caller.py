"""Who is calling: the workload that its certificate names and, behind the gateway, the client."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field

from services.kit.bearer import Holder, TokenFlaw

Callers = Mapping[str, frozenset[str]]
"""Who may call what: full RPC name (`cbss.access.v1.AccessService/CheckAccess`) to workloads."""

GATEWAY = "gateway"
"""The one workload that is believed when it says whose certificate it has verified."""

OPERATOR = "operator"
"""The workload behind which people of the bank act, each under the name in their certificate."""

COMMITTEE = "committee"
"""The same for the members of the committee that decides what the bank has prepared."""

PEOPLE = (OPERATOR, COMMITTEE)


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """What the certificate of an institution's program says, as the gateway forwarded it."""

    organization_identifier: str | None
    """The subject's organizationIdentifier (2.5.4.97), for example `NTRBE-0207401545`; nothing
    unless an authority of institutions issued the certificate."""
    public_key_sha256: str
    """SHA-256 of the SubjectPublicKeyInfo, hexadecimal; a renewal may keep it."""
    certificate_sha256: str
    """SHA-256 of the certificate's DER, hexadecimal."""
    common_name: str
    """The subject's common name; empty when there is none."""
    serial_number: str | None = field(default=None, compare=False)
    """The subject's serialNumber (2.5.4.5), on a citizen's card his identification number; nothing
    unless an authority of citizens issued the certificate."""
    issuer: str = field(default="", compare=False)
    """The name of the authority (RFC 4514): what it says of its subjects, only it can say."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The verified origin of one call."""

    workload: str
    client: ClientCertificate | None = None
    """Present only when the gateway forwarded it."""
    operator: str = ""
    """The common name of the peer's certificate, of people only; empty when there is none."""
    holder: Holder | TokenFlaw | None = None
    """Who signed in, or what is wrong with his token, if the call brings one: then it is the call
    of that person, whatever certificate it came with."""


CALLER: ContextVar[Caller] = ContextVar("caller")


def current() -> Caller:
    """Who makes the call at hand; for servicers, which hand it on as an argument."""
    return CALLER.get()
