"""Throw-away authorities and certificates for tests, of the forms that the mesh knows."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_SERIAL = itertools.count(1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True)
class Files:
    """An identity on disk, under the names that settings use."""

    certificate_file: Path
    private_key_file: Path
    authority_file: Path

    def environment(self) -> dict[str, str]:
        return {name.upper(): str(getattr(self, name)) for name in self.__dataclass_fields__}


class Authority:
    """Issues certificates that only tests believe."""

    def __init__(self, name: str = "test mesh authority") -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        basic = x509.BasicConstraints(ca=True, path_length=None)
        builder = _builder(subject, subject, key).add_extension(basic, critical=True)
        self.own = Issued(builder.sign(key, hashes.SHA256()), key)

    @property
    def pem(self) -> bytes:
        return self.own.pem

    def workload(self, name: str, *, uris: Sequence[str] | None = None) -> Issued:
        """A service of the mesh; other `uris` than its own make it a strange one."""
        named = [f"spiffe://cbss/{name}"] if uris is None else uris
        alternatives: list[x509.GeneralName] = [
            *(x509.UniformResourceIdentifier(uri) for uri in named),
            x509.DNSName(name),
        ]
        return self.issue([(NameOID.COMMON_NAME, name)], alternatives)

    def program(self, *identifiers: str, name: str = "app1") -> Issued:
        """An institution's program, with organizationIdentifiers."""
        subject = [(NameOID.COMMON_NAME, name), (NameOID.ORGANIZATION_NAME, 'OCMW, dienst "X"')]
        subject += [(NameOID.ORGANIZATION_IDENTIFIER, text) for text in identifiers]
        return self.issue(subject, [])

    def issue(
        self,
        subject: Sequence[tuple[x509.ObjectIdentifier, str]],
        alternatives: Sequence[x509.GeneralName],
    ) -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(oid, text) for oid, text in subject])
        builder = _builder(name, self.own.certificate.subject, key)
        if alternatives:
            names = x509.SubjectAlternativeName(alternatives)
            builder = builder.add_extension(names, critical=False)
        return Issued(builder.sign(self.own.key, hashes.SHA256()), key)

    def files(self, folder: Path, issued: Issued, name: str) -> Files:
        """Write an identity to a folder."""
        files = Files(*(folder / f"{name}.{part}.pem" for part in ("crt", "key", "ca")))
        files.certificate_file.write_bytes(issued.pem)
        files.private_key_file.write_bytes(issued.key_pem)
        files.authority_file.write_bytes(self.pem)
        return files


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(next(_SERIAL))
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 30 * _DAY)
    )
