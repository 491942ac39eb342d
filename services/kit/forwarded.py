"""The client certificate that the gateway verified, read from `x-forwarded-client-cert`.

Envoy writes one element of `Key=value` pairs separated by `;`; a value with `,`, `;`, `=` or `"` in
it stands in double quotes, with `"` as `\\"`. Only the certificate itself is believed, and only if
the hash beside it is its own. Whoever calls this has already seen that the gateway is calling.
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from services.kit import bounds
from services.kit.caller import ClientCertificate
from services.kit.errors import CallerUnknown

HEADER = "x-forwarded-client-cert"
REMEMBERED = 4096
"""Headers kept in decoded form; the least recently seen is forgotten first."""

_PAIR = re.compile(r'([A-Za-z]{1,16})=(?:"((?:[^"\\]|\\.)*+)"|([^";,=]*+))(?:;|\Z)', re.DOTALL)


@lru_cache(maxsize=REMEMBERED)
def client_certificate(header: str) -> ClientCertificate:
    """The certificate in the header, or CallerUnknown if the header is not exactly one element."""
    parts = elements(header)
    fingerprint, pem = parts.get("hash"), parts.get("cert")
    if fingerprint is None or pem is None:
        raise CallerUnknown
    return _decoded(fingerprint.lower(), pem)


def issuer_name(authority_file: Path | None) -> str | None:
    """The name of the authority in a file, as `ClientCertificate.issuer`; nothing without one."""
    if authority_file is None:
        return None
    return x509.load_pem_x509_certificate(authority_file.read_bytes()).subject.rfc4514_string()


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


def _decoded(fingerprint: str, quoted_pem: str) -> ClientCertificate:
    try:
        certificate = x509.load_pem_x509_certificate(unquote_to_bytes(quoted_pem))
        subject = certificate.subject
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except Exception as fault:
        # The library has no common type for what a damaged certificate raises.
        raise CallerUnknown from fault
    if hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest() != fingerprint:
        raise CallerUnknown
    return ClientCertificate(
        organization_identifier=_only(subject, NameOID.ORGANIZATION_IDENTIFIER),
        public_key_sha256=hashlib.sha256(key).hexdigest(),
        certificate_sha256=fingerprint,
        common_name=_only(subject, NameOID.COMMON_NAME) or "",
        serial_number=_only(subject, NameOID.SERIAL_NUMBER),
        issuer=certificate.issuer.rfc4514_string(),
    )


def _only(subject: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    named = subject.get_attributes_for_oid(oid)
    if len(named) > 1:
        raise CallerUnknown
    return str(named[0].value) if named else None
