"""Who vouches for whom: each kind of caller has certificates of authorities of its own.

What an authority says of its subjects only it can say: an institution's identifier counts if an
authority of institutions put it there, a person's number if one of citizens did. A certificate that
the mesh trusts for one kind is nobody of another kind, whatever it is called.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import structlog
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from services.kit.caller import COMMITTEE, OPERATOR
from services.kit.errors import CallerUnknown

LOOK = 1.0
"""Seconds between two looks at whether a file was replaced."""
log = structlog.get_logger()


class AuthorityFile:
    """The authorities of one kind of caller, read again when their file is replaced; nobody is
    vouched for where there is no file."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._look = 0.0
        self._held: tuple[x509.Certificate, ...] = ()
        self.version = 0
        """Grows with every change, for what is remembered of earlier answers."""
        self.refresh()

    def refresh(self, *, at_once: bool = False) -> None:
        """Look at the file, if the last look was a while ago or it is asked for at once; what is
        not usable changes nothing."""
        now = time.monotonic()
        if self._path is None or (now < self._look and not at_once):
            return
        self._look = now + LOOK
        try:
            stat = self._path.stat()
            seen = stat.st_mtime_ns, stat.st_ino, stat.st_size
            if seen != self._seen:
                held = x509.load_pem_x509_certificates(self._path.read_bytes())
                self._held, self._seen = tuple(held), seen
                self.version += 1
        except (OSError, ValueError) as fault:
            if self._seen is None:
                raise
            log.warning("authorities not usable, keeping the last", fault=type(fault).__name__)

    def vouches(self, certificate: x509.Certificate) -> bool:
        """Whether one of the authorities issued the certificate itself."""
        return any(_issued(certificate, authority) for authority in self._held)


class HasAuthorities(Protocol):
    """The settings that name the authorities of each kind of caller."""

    @property
    def authority_file(self) -> Path: ...
    @property
    def operators_authority_file(self) -> Path | None: ...
    @property
    def committee_authority_file(self) -> Path | None: ...
    @property
    def institutions_authority_file(self) -> Path | None: ...
    @property
    def citizens_authority_file(self) -> Path | None: ...


@dataclass(frozen=True, slots=True)
class Authorities:
    """The authorities of every kind of caller."""

    workloads: AuthorityFile
    """Of the services of the mesh."""
    people: Mapping[str, AuthorityFile]
    """Of people who work with the mesh, by the workload behind which they act."""
    institutions: AuthorityFile
    citizens: AuthorityFile

    @classmethod
    def of(cls, settings: HasAuthorities) -> "Authorities":
        """The authorities that the settings name."""
        return cls(
            AuthorityFile(settings.authority_file),
            {
                OPERATOR: AuthorityFile(settings.operators_authority_file),
                COMMITTEE: AuthorityFile(settings.committee_authority_file),
            },
            AuthorityFile(settings.institutions_authority_file),
            AuthorityFile(settings.citizens_authority_file),
        )

    def vouch(self, workload: str, pem: bytes) -> bool:
        """Whether a peer with this certificate may go by the name of this workload."""
        file = self.people.get(workload, self.workloads)
        try:
            return _vouched(file, pem)
        except CallerUnknown:
            return False


@lru_cache(maxsize=1024)
def _vouched(file: AuthorityFile, pem: bytes) -> bool:
    """True, and remembered, for a connection outlives the file that vouched for it; CallerUnknown,
    and looked at anew the next time, otherwise."""
    # The handshake was judged by the file as it is now.
    file.refresh(at_once=True)
    try:
        certificate = x509.load_pem_x509_certificate(pem)
    except ValueError as fault:
        raise CallerUnknown from fault
    if not file.vouches(certificate):
        raise CallerUnknown
    return True


def _issued(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
