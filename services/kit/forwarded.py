"""The client certificate that the gateway verified, read from `x-forwarded-client-cert`.

Envoy writes one element of `Key=value` pairs separated by `;`; a value with `,`, `;`, `=` or `"` in
it stands in double quotes, with `"` as `\\"`. Only the certificate itself is believed, and only if
the hash beside it is its own. Whoever calls this has already seen that the gateway is calling.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.kit import bounds
from services.kit.authorities import AuthorityFile
from services.kit.caller import ClientCertificate
from services.kit.errors import CallerUnknown
from services.kit.subjects import (
    COMMON_NAME,
    ORGANIZATION_IDENTIFIER,
    SERIAL_NUMBER,
    attributes_of,
)

HEADER = "x-forwarded-client-cert"
REMEMBERED = 4096
"""Headers kept in decoded form; the least recently seen is forgotten first."""

_READ = (ORGANIZATION_IDENTIFIER, COMMON_NAME, SERIAL_NUMBER)
_PAIR = re.compile(r'([A-Za-z]{1,16})=(?:"((?:[^"\\]|\\.)*+)"|([^";,=]*+))(?:;|\Z)', re.DOTALL)


class Forwarded:
    """Reads the header, and remembers what it read until an authority changes."""

    def __init__(self, institutions: AuthorityFile, citizens: AuthorityFile) -> None:
        self._institutions = institutions
        self._citizens = citizens
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._read)

    def client_certificate(self, header: str) -> ClientCertificate:
        """The certificate in the header, or CallerUnknown if the header is not exactly one
        element."""
        self._institutions.refresh()
        self._citizens.refresh()
        return self._remembered(header, self._institutions.version, self._citizens.version)

    def _read(self, header: str, *_versions: int) -> ClientCertificate:
        parts = elements(header)
        fingerprint, pem = parts.get("hash"), parts.get("cert")
        if fingerprint is None or pem is None:
            raise CallerUnknown
        return self._decoded(fingerprint.lower(), pem)

    def _decoded(self, fingerprint: str, quoted_pem: str) -> ClientCertificate:
        try:
            certificate = x509.load_pem_x509_certificate(unquote_to_bytes(quoted_pem))
            subject = attributes_of(certificate, _READ)
            form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
            key = certificate.public_key().public_bytes(*form)
        except Exception as fault:
            # The library has no common type for what a damaged certificate raises.
            raise CallerUnknown from fault
        if hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest() != fingerprint:
            raise CallerUnknown
        of_institution = self._institutions.vouches(certificate)
        of_citizen = self._citizens.vouches(certificate)
        return ClientCertificate(
            organization_identifier=(
                _only(subject, ORGANIZATION_IDENTIFIER) if of_institution else None
            ),
            public_key_sha256=hashlib.sha256(key).hexdigest(),
            certificate_sha256=fingerprint,
            common_name=_only(subject, COMMON_NAME) or "",
            serial_number=_only(subject, SERIAL_NUMBER) if of_citizen else None,
            issuer=_name(certificate),
        )


class VouchedFor(Protocol):
    """The settings that say who issues what citizens prove themselves with."""

    @property
    def citizens_authority_file(self) -> Path | None: ...
    @property
    def tokens_issuer(self) -> str: ...


def issuers(settings: VouchedFor) -> frozenset[str]:
    """Who says of citizens who they are: the authorities of their cards, and who signs them in."""
    named = frozenset({settings.tokens_issuer} - {""})
    return issuer_name(settings.citizens_authority_file) | named


def issuer_name(authority_file: Path | None) -> frozenset[str]:
    """The names of all authorities in a file, as `ClientCertificate.issuer`; none without one."""
    if authority_file is None:
        return frozenset()
    held = x509.load_pem_x509_certificates(authority_file.read_bytes())
    return frozenset(one.subject.rfc4514_string() for one in held)


def elements(header: str) -> dict[str, str]:
    """The pairs of the header, keys in lower case; CallerUnknown if it is not well formed."""
    if len(header) > bounds.CERTIFICATE or header.endswith(";"):
        raise CallerUnknown
    parts: dict[str, str] = {}
    at = 0
    while at < len(header):
        pair = _PAIR.match(header, at)
        if pair is None:
            raise CallerUnknown
        key = pair[1].lower()
        # Alternative names may repeat; what identifies may not.
        if key in parts and key not in ("uri", "dns"):
            raise CallerUnknown
        quoted = pair[2]
        parts[key] = pair[3] if quoted is None else quoted.replace('\\"', '"')
        at = pair.end()
    return parts


def _only(subject: Mapping[bytes, Sequence[str]], oid: bytes) -> str | None:
    named = subject[oid]
    if len(named) > 1:
        raise CallerUnknown
    return named[0] if named else None


def _name(certificate: x509.Certificate) -> str:
    try:
        return certificate.issuer.rfc4514_string()
    except ValueError:
        return ""  # of old string types: it is known by its key alone
