"""Throw-away certificate authorities: one for each kind of caller.

Keys are ECDSA P-256, private keys are readable by their owner alone, and whatever a running process
watches is replaced by a rename. The certificates are real; only nobody else trusts them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from services.kit.files import replace_file

VALID = timedelta(days=30)
SLACK = timedelta(hours=1)
"""How far a certificate begins in the past, for clocks that differ."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        """The certificate, PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The private key, PKCS #8 in PEM, not encrypted."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def public_key_sha256(self) -> str:
        """The fingerprint under which an organization is onboarded: of the key, in hexadecimal."""
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(spki).hexdigest()

    def write(self, certificate: Path, private_key: Path) -> None:
        """Write both, the key first, each by a rename."""
        replace_file(private_key, self.key_pem, mode=0o600)
        replace_file(certificate, self.pem)


class Authority:
    """Issues and revokes certificates."""

    def __init__(self, own: Issued, valid: timedelta = VALID) -> None:
        self._own = own
        self._valid = valid

    @classmethod
    def founded(
        cls,
        name: str,
        valid: timedelta = VALID,
        *,
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> "Authority":
        """A new authority; a given key makes it a renewal, which vouches for all that was issued
        before."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = (
            _builder(subject, subject, key, now - SLACK, now + valid)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
        )
        return cls(Issued(builder.sign(key, hashes.SHA256()), key), valid)

    @classmethod
    def read(cls, certificate: Path, private_key: Path, valid: timedelta = VALID) -> "Authority":
        """The authority that was written to two files."""
        key = load_pem_private_key(private_key.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls(Issued(x509.load_pem_x509_certificate(certificate.read_bytes()), key), valid)

    @property
    def own(self) -> Issued:
        """The authority's own certificate."""
        return self._own

    def workload(self, name: str, *alternatives: str) -> Issued:
        """A service of the mesh: `spiffe://cbss/<name>`, found under its name or others."""
        names: list[x509.GeneralName] = [
            x509.UniformResourceIdentifier(f"spiffe://cbss/{name}"),
            *(x509.DNSName(host) for host in (name, *alternatives)),
        ]
        return self.issue([x509.NameAttribute(NameOID.COMMON_NAME, name)], names)

    def person(self, office: str, name: str) -> Issued:
        """A person of the bank (`operator`) or of the committee (`committee`), under a name of
        their own: `spiffe://cbss/<office>`."""
        uri = x509.UniformResourceIdentifier(f"spiffe://cbss/{office}")
        return self.issue([x509.NameAttribute(NameOID.COMMON_NAME, name)], [uri])

    def organization(self, program: str, name: str, identifier: str | None, *hosts: str) -> Issued:
        """An institution's program, with its organizationIdentifier (ETSI EN 319 412-1)."""
        subject = [
            x509.NameAttribute(NameOID.COMMON_NAME, program),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "BE"),
        ]
        if identifier is not None:
            subject.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, identifier))
        return self.issue(subject, [_called(host) for host in hosts])

    def citizen(self, ssin: str, name: str) -> Issued:
        """A citizen's card: its subject's serialNumber is the identification number."""
        subject = [
            x509.NameAttribute(NameOID.COMMON_NAME, f"{name} (Authentication)"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, ssin),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "BE"),
        ]
        return self.issue(subject, [])

    def issue(
        self,
        subject: Sequence[x509.NameAttribute[str]],
        alternatives: Sequence[x509.GeneralName],
        *,
        begins: datetime | None = None,
        ends: datetime | None = None,
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> Issued:
        """A certificate for client and server; a given key makes it a renewal."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        usage = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
        issuer = self._own.certificate.subject
        builder = (
            _builder(
                x509.Name(subject), issuer, key, begins or now - SLACK, ends or now + self._valid
            )
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
        )
        if alternatives:
            builder = builder.add_extension(
                x509.SubjectAlternativeName(alternatives), critical=False
            )
        return Issued(builder.sign(self._own.key, hashes.SHA256()), key)

    def renewed(self, issued: Issued) -> Issued:
        """The same certificate, for the same key, from now on."""
        own = issued.certificate
        try:
            held = own.extensions.get_extension_for_class(x509.SubjectAlternativeName)
            alternatives = list(held.value)
        except x509.ExtensionNotFound:
            alternatives = []
        subject = [x509.NameAttribute(one.oid, str(one.value)) for one in own.subject]
        return self.issue(subject, alternatives, key=issued.key)

    def revocation_list(self, *revoked: Issued) -> bytes:
        """The list of what is no longer trusted, PEM."""
        now = datetime.now(UTC)
        return self._list({one.certificate.serial_number: now for one in revoked})

    def renewed_list(self, held: x509.CertificateRevocationList) -> bytes:
        """The same list, from now on."""
        return self._list({one.serial_number: one.revocation_date_utc for one in held})

    def _list(self, revoked: Mapping[int, datetime]) -> bytes:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._own.certificate.subject)
            .last_update(now - SLACK)
            .next_update(now + self._valid)
        )
        for serial, since in revoked.items():
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(serial)
                .revocation_date(since)
                .build()
            )
        return builder.sign(self._own.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _called(host: str) -> x509.GeneralName:
    """A name or an address under which somebody is called."""
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
    )
