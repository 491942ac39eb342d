"""Persons, hidden: found by a keyed digest, readable by who holds the secret and nobody else.

A digest without a key would hide nothing: there are few enough numbers to try them all. Keys have
versions, so that they can be changed; old versions stay for as long as their records are kept.

The file is JSON: `{"current": 2, "versions": {"1": {"hmac": H, "encryption": E}, "2": ...}}`, with
H and E in base64, 32 bytes each.
"""

import hashlib
import hmac
import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.audit.model import HiddenSubject
from services.concepts.ssin import Ssin

_SECRET_BYTES = 32
_KEY_BYTES = 16
_NONCE_BYTES = 12
_HIGHEST_VERSION = 32_767


@dataclass(frozen=True, slots=True)
class _Version:
    digest_secret: bytes
    cipher: AESGCM


class SubjectKeysUnusable(Exception):
    """The file of subject keys does not hold what it should."""


class SubjectKeys:
    """The secrets, in all versions."""

    def __init__(self, current: int, versions: Mapping[int, _Version]) -> None:
        self._current = current
        self._versions = versions

    @classmethod
    def read(cls, path: Path) -> "SubjectKeys":
        """The secrets in a file, or SubjectKeysUnusable with what is wrong, never with a secret."""
        try:
            held = json.loads(path.read_text("utf-8"))
            versions = {int(number): _version(pair) for number, pair in held["versions"].items()}
            current = int(held["current"])
        except (ValueError, KeyError, TypeError, AttributeError):
            raise SubjectKeysUnusable(f"{path.name} is not of the form described") from None
        if current not in versions or not all(0 < n <= _HIGHEST_VERSION for n in versions):
            raise SubjectKeysUnusable(f"{path.name} lacks the current version, or numbers it badly")
        return cls(current, versions)

    def hide(self, subject: Ssin, record_id: UUID) -> HiddenSubject:
        """The person as one record holds it; the encrypted number is of use in that record only."""
        version = self._versions[self._current]
        nonce = token_bytes(_NONCE_BYTES)
        sealed = version.cipher.encrypt(nonce, subject.digits.encode(), record_id.bytes)
        return HiddenSubject(_digest(version, subject), self._current, nonce + sealed)

    def keys_of(self, subject: Ssin) -> list[bytes]:
        """What the person's records are found by, one for each version."""
        return [_digest(version, subject) for version in self._versions.values()]

    def reveal(self, hidden: HiddenSubject, record_id: UUID) -> Ssin:
        """The person that one record is about; cryptography's InvalidTag if it was altered."""
        sealed = hidden.encrypted
        plain = self._versions[hidden.key_version].cipher.decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], record_id.bytes
        )
        return Ssin(int(plain))


def _version(pair: Mapping[str, str]) -> _Version:
    digest_secret, encryption = (
        b64decode(pair[part], validate=True) for part in ("hmac", "encryption")
    )
    if len(digest_secret) != _SECRET_BYTES or len(encryption) != _SECRET_BYTES:
        raise ValueError
    return _Version(digest_secret, AESGCM(encryption))


def _digest(version: _Version, subject: Ssin) -> bytes:
    return hmac.digest(version.digest_secret, subject.digits.encode(), hashlib.sha256)[:_KEY_BYTES]
