"""Content at rest, of use to the service only; and digests that tell contents apart.

Both keys come of one secret. A digest without a key would give content back: there are few enough
contents to try them all. It is compared here and leaves the service never.
"""

import hashlib
import hmac
from base64 import b64decode
from datetime import UTC
from pathlib import Path
from secrets import token_bytes
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.concepts.data_contract import ContractName
from services.routing.model import Payload
from services.routing.notices.model import Event

SECRET_BYTES = 32
_NONCE_BYTES = 12


def read_secret(path: Path) -> bytes:
    """The secret in a file: 32 bytes in base64; ValueError if it is not that."""
    secret = b64decode(path.read_text("ascii").strip(), validate=True)
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"{path.name} does not hold {SECRET_BYTES} bytes in base64")
    return secret


class Seal:
    """Seals contents under the identification of their event."""

    def __init__(self, secret: bytes) -> None:
        cipher, self._digesting, self.token_secret = (
            hmac.digest(secret, part, hashlib.sha256) for part in (b"content", b"digest", b"token")
        )
        self._cipher = AESGCM(cipher)

    @classmethod
    def read(cls, path: Path) -> "Seal":
        """The seal of a secret in a file; ValueError if it is none."""
        return cls(read_secret(path))

    def seal(self, payload: Payload, event_id: UUID) -> bytes:
        """The content of an event as it is kept."""
        nonce = token_bytes(_NONCE_BYTES)
        plain = payload.type_name.encode() + b"\0" + payload.content
        return nonce + self._cipher.encrypt(nonce, plain, event_id.bytes)

    def open(self, sealed: bytes, event_id: UUID) -> Payload:
        """The content that was sealed; cryptography's InvalidTag if it was altered."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        plain = self._cipher.decrypt(nonce, rest, event_id.bytes)
        type_name, _, content = plain.partition(b"\0")
        return Payload(type_name.decode(), content)

    def digest(self, contract: ContractName, event: Event) -> bytes:
        """What tells an event from another under the same reference: all that was parsed of it."""
        payload = event.payload
        parts = [
            contract.code,
            str(contract.version),
            event.kind.name,
            event.attestation,
            event.person.digits,
            event.event_type,
            # A message bears no instant of its own: when it came says nothing of what it is.
            (event.reply_by or event.occurred_at).astimezone(UTC).isoformat(),
            *(one.digits for one in sorted(event.only)),
            "" if payload is None else payload.type_name,
        ]
        keyed = hmac.new(self._digesting, "\0".join(parts).encode(), hashlib.sha256)
        keyed.update(b"\0" + (b"" if payload is None else payload.content))
        return keyed.digest()
