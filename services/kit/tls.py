"""Mutual TLS 1.3 from files that may change while the process runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import grpc
import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

log = structlog.get_logger()


class HasFiles(Protocol):
    """The settings that name a workload's own certificate and its authority."""

    @property
    def certificate_file(self) -> Path: ...
    @property
    def private_key_file(self) -> Path: ...
    @property
    def authority_file(self) -> Path: ...


class CertificateUnusable(ValueError):
    """Key and certificate, or the clock and the certificate, do not agree."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate chain, its key, and the authorities the other side is verified with; PEM."""

    certificate: bytes
    private_key: bytes = field(repr=False)
    authority: bytes

    def has_expired(self) -> bool:
        """Whether nobody believes the certificate any more."""
        own = x509.load_pem_x509_certificate(self.certificate)
        return datetime.now(UTC) > own.not_valid_after_utc


@dataclass(slots=True)
class Files:
    """The three files of an identity, read again when one of them was replaced."""

    certificate: Path
    private_key: Path
    authority: Path
    more_authorities: tuple[Path, ...] = ()
    """Further authorities of the other side."""
    _seen: tuple[tuple[int, int, int], ...] = ()
    _identity: Identity | None = None
    _fault: str = ""
    """Why the files are not usable, as it was last said."""

    def identity(self) -> Identity:
        """What the files hold now; the last usable state while they do not belong together.

        Raises OSError or ValueError only when there never was a usable state.
        """
        try:
            authorities = (self.authority, *self.more_authorities)
            seen = tuple(map(_version, (self.certificate, self.private_key, *authorities)))
            if self._identity is None or seen != self._seen:
                self._identity = _read(self.certificate, self.private_key, authorities)
                self._seen = seen
                self._fault = ""
        except (OSError, ValueError) as fault:
            if self._identity is None:
                raise
            self._tell(fault)
        return self._identity

    def _tell(self, fault: Exception) -> None:
        why = str(fault) if isinstance(fault, CertificateUnusable) else type(fault).__name__
        if why != self._fault:
            log.warning("certificate not usable, keeping the last", fault=why)
        self._fault = why


def _version(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_ino, stat.st_size


def _read(certificate: Path, private_key: Path, authorities: Sequence[Path]) -> Identity:
    """Read the files; ValueError when key and certificate differ, as halfway a replacement, or when
    the certificate is not valid now: its authority's clock may be ahead."""
    trusted = b"\n".join(path.read_bytes() for path in authorities)
    identity = Identity(certificate.read_bytes(), private_key.read_bytes(), trusted)
    leaf = x509.load_pem_x509_certificate(identity.certificate)
    key = load_pem_private_key(identity.private_key, password=None)
    der = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if leaf.public_key().public_bytes(*der) != key.public_key().public_bytes(*der):
        raise CertificateUnusable("the private key belongs to another certificate")
    now = datetime.now(UTC)
    if now < leaf.not_valid_before_utc:
        raise CertificateUnusable("the certificate begins later")
    if now > leaf.not_valid_after_utc:
        raise CertificateUnusable("the certificate has expired")
    x509.load_pem_x509_certificates(identity.authority)
    return identity


class ServerTls:
    """The server's side: shows its certificate and requires one of the mesh from every client."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._given: Identity | None = None

    @classmethod
    def of(cls, settings: "HasFiles", *more_authorities: Path | None) -> "ServerTls":
        """The identity that the settings name; clients may be of further authorities."""
        return cls(
            Files(
                settings.certificate_file,
                settings.private_key_file,
                settings.authority_file,
                tuple(path for path in more_authorities if path is not None),
            )
        )

    def credentials(self) -> grpc.ServerCredentials:
        """Credentials that follow the files: gRPC asks again before every handshake."""
        first = self._changed()
        assert first is not None
        return grpc.dynamic_ssl_server_credentials(
            first,
            self._changed,  # type: ignore[arg-type]  # None says: nothing has changed
            require_client_authentication=True,
        )

    def _changed(self) -> grpc.ServerCertificateConfiguration | None:
        identity = self._files.identity()
        if identity is self._given:
            return None
        self._given = identity
        return grpc.ssl_server_certificate_configuration(
            [(identity.private_key, identity.certificate)], identity.authority
        )


class ClientTls:
    """The client's side: its own certificate, and the authority of the servers it may trust."""

    def __init__(self, files: Files) -> None:
        self._files = files

    @classmethod
    def of(cls, settings: HasFiles, authority_file: Path | None = None) -> "ClientTls":
        """The identity that the settings name, for servers of the mesh or of another authority."""
        return cls(
            Files(
                settings.certificate_file,
                settings.private_key_file,
                authority_file or settings.authority_file,
            )
        )

    def identity(self) -> Identity:
        """What the files hold now; the same object as long as they did not change."""
        return self._files.identity()

    def credentials(self) -> grpc.ChannelCredentials:
        """Credentials for one channel; a channel cannot change its own."""
        identity = self.identity()
        return grpc.ssl_channel_credentials(
            identity.authority, identity.private_key, identity.certificate
        )
