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

    def operator(self, name: str | None) -> Issued:
        """A person of the bank, under a name of their own or under none."""
        return self.person("operator", name)

    def member(self, name: str | None) -> Issued:
        """A member of the committee, under a name of their own or under none."""
        return self.person("committee", name)

    def person(self, office: str, name: str | None) -> Issued:
        """A person who works with the mesh."""
        uri = x509.UniformResourceIdentifier(f"spiffe://cbss/{office}")
        return self.issue([(NameOID.COMMON_NAME, name)] if name else [], [uri])

    def program(self, *identifiers: str, name: str = "app1", days: int = 30) -> Issued:
        """An institution's program, with organizationIdentifiers; of negative `days` it expired."""
        subject = [(NameOID.COMMON_NAME, name), (NameOID.ORGANIZATION_NAME, 'OCMW, dienst "X"')]
        subject += [(NameOID.ORGANIZATION_IDENTIFIER, text) for text in identifiers]
        return self.issue(subject, [], days=days)

    def hosts(self, names: Sequence[str]) -> list[x509.GeneralName]:
        """Alternative names of a certificate."""
        return [x509.DNSName(name) for name in names]

    def revocation_list(self, *revoked: Issued, days: float = 1, begins: float = -9) -> bytes:
        """A list of certificates that are believed no longer, from and until so many days from
        now."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.own.certificate.subject)
            .last_update(now + begins * _DAY)
            .next_update(now + days * _DAY)
        )
        for one in revoked:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(one.certificate.serial_number)
                .revocation_date(now - _DAY)
                .build()
            )
        return builder.sign(self.own.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def issue(
        self,
        subject: Sequence[tuple[x509.ObjectIdentifier, str]],
        alternatives: Sequence[x509.GeneralName],
        *,
        days: int = 30,
        begins: int = -9,
    ) -> Issued:
        """A certificate from and until so many days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(oid, text) for oid, text in subject])
        builder = _builder(name, self.own.certificate.subject, key, days, begins)
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
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    days: int = 30,
    begins: int = -9,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(next(_SERIAL))
        .not_valid_before(now + begins * _DAY)
        .not_valid_after(now + days * _DAY)
    )
