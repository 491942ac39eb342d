"""Keeps what Envoy trusts and shows as fresh as the files it comes from, and never worse.

A certificate that does not belong to its key, or a revocation list that no trusted authority
signed, or that begins later because its authority's clock is ahead, does not reach Envoy: the last
usable state stays, and the log says so. Envoy watches the folder and needs no restart.
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from cryptography import x509

from gateway.envoy import secrets as form
from services.kit.expiry import Ending, certificate_ends
from services.kit.files import replace_file
from services.kit.tls import Files

INTERVAL = timedelta(seconds=2)
"""How often the files are looked at; far less than the minute in which a revocation must count."""

_TRUSTED = f"{form.SERVER}-validation.json"
_END = b"-----END X509 CRL-----"
log = structlog.get_logger()


class ListUnusable(ValueError):
    """A revocation list is not one that counts now."""


@dataclass
class Secrets:
    """The folder that Envoy watches, and where its content comes from."""

    folder: Path
    server: Files
    """What institutions see, and the authorities of their certificates."""
    mesh: Files
    """What services see, and the authorities of theirs."""
    revocation_list: Path
    _written: dict[str, bytes] = field(default_factory=dict)
    _revoked: bytes | None = None
    _fault: str = ""
    """Why the list is not usable, as it was last said."""

    def refresh(self) -> list[str]:
        """Write what has changed; the names of what was written.

        Raises OSError or ValueError only as long as there never was a usable state.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        server, mesh = self.server.identity(), self.mesh.identity()
        self._revoked = self._usable_list(server.authority)
        content = {
            name: json.dumps(held).encode()
            for name, held in (
                _certificate(form.SERVER, server.certificate, server.private_key),
                _validation(form.SERVER, server.authority, self._revoked),
                _certificate(form.MESH, mesh.certificate, mesh.private_key),
                _validation(form.MESH, mesh.authority, None),
            )
        }
        changed = [name for name, text in content.items() if self._written.get(name) != text]
        for name in changed:
            replace_file(self.folder / name, content[name], mode=0o600)
        self._written = content
        return changed

    async def keep(self) -> None:
        """Refresh again and again, until cancelled."""
        while True:
            await asyncio.sleep(INTERVAL.total_seconds())
            try:
                for name in self.refresh():
                    log.info("secret renewed", secret=name.removesuffix(".json"))
            except OSError as fault:
                # A full disk, say: what Envoy holds is still good.
                log.warning("secrets not written, trying again", fault=type(fault).__name__)

    def endings(self) -> Iterator[Ending]:
        """When what is shown and trusted ends."""
        yield from certificate_ends("server-certificate", self.server)
        yield from certificate_ends("mesh-certificate", self.mesh)
        ends = [one.next_update_utc for one in _lists(self._revoked or b"")]
        if known := [end for end in ends if end is not None]:
            yield Ending("revocation-list", min(known))

    def _usable_list(self, authorities: bytes) -> bytes:
        try:
            text = self.revocation_list.read_bytes()
            if text != self._revoked:
                _check(text, authorities)
            self._fault = ""
        except (OSError, ValueError) as fault:
            kept = self._revoked or self._written_list(authorities)
            if kept is None:
                raise
            why = str(fault) if isinstance(fault, ListUnusable) else type(fault).__name__
            if why != self._fault:
                log.warning("revocation list not usable, keeping the last", fault=why)
            self._fault = why
            return kept
        return text

    def _written_list(self, authorities: bytes) -> bytes | None:
        """What an earlier run left for Envoy, if that is still in force."""
        try:
            (held,) = json.loads((self.folder / _TRUSTED).read_bytes())["resources"]
            text: bytes = held["validation_context"]["crl"]["inline_string"].encode()
            _check(text, authorities)
        except (OSError, ValueError, KeyError):
            return None
        return text


def _certificate(name: str, chain: bytes, private_key: bytes) -> tuple[str, object]:
    held = form.certificate(name, _text(chain), _text(private_key))
    return f"{name}-certificate.json", held


def _validation(name: str, authority: bytes, revoked: bytes | None) -> tuple[str, object]:
    held = form.validation(name, _text(authority), None if revoked is None else _text(revoked))
    return f"{name}-validation.json", held


def _text(pem: bytes) -> str:
    # Only remarks around the blocks can be something else than ASCII, and nobody reads those.
    return pem.decode("ascii", errors="replace")


def _check(text: bytes, authorities: bytes) -> None:
    """ValueError unless every authority has a list here, signed by itself and in force now."""
    lists = _lists(text)
    now = datetime.now(UTC)
    for authority in x509.load_pem_x509_certificates(authorities):
        own = [one for one in lists if _is_of(one, authority)]
        if not own:
            raise ListUnusable("an authority has no revocation list")
        if all(_ended(one, now) for one in own):
            raise ListUnusable("the revocation list of an authority has expired")
        if not any(one.last_update_utc <= now and not _ended(one, now) for one in own):
            raise ListUnusable("the revocation list of an authority begins later")


def _lists(text: bytes) -> list[x509.CertificateRevocationList]:
    whole: Sequence[bytes] = text.split(_END)
    return [x509.load_pem_x509_crl(part + _END) for part in whole[:-1]]


def _is_of(one: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    return one.issuer == authority.subject and one.is_signature_valid(
        authority.public_key()  # type: ignore[arg-type]
    )


def _ended(one: x509.CertificateRevocationList, now: datetime) -> bool:
    return one.next_update_utc is not None and one.next_update_utc <= now
