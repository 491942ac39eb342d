"""Persons, hidden: found by a keyed digest, readable by who holds the secret and nobody else.

A digest without a key would hide nothing: there are few enough numbers to try them all. In the log
every month has a key of its own, and forgetting the month is destroying that key. The secret in the
file only wraps the keys of the months, so that it can be changed without touching the log: it has
versions, and an old one is needed until the months it wrapped are wrapped anew.

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

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.audit.trail.model import HiddenPerson, HiddenSubject, Sealed
from services.concepts.ssin import Ssin
from services.concepts.subject import CbeNumber, parse_cbe_number

SECRET_BYTES = 32
_UNSIGNED = 2**64 - 1
_WRAPPED = b"month"
_CONTENT = b"content"
_KEY_BYTES = 16
_NONCE_BYTES = 12
_HIGHEST_VERSION = 32_767
_NUMBER_BYTES = 5
_SHORT_KEY_BYTES = 8


@dataclass(frozen=True, slots=True)
class _Version:
    digest_secret: bytes
    cipher: AESGCM


@dataclass(frozen=True, slots=True)
class MonthKey:
    """What hides persons in the records of one month."""

    month: int
    _digest_secret: bytes
    _cipher: AESGCM

    @classmethod
    def of(cls, month: int, secret: bytes) -> "MonthKey":
        """The two keys that come of a month's secret."""
        digest, cipher = (hmac.digest(secret, part, hashlib.sha256) for part in (b"find", b"read"))
        return cls(month, digest, AESGCM(cipher))

    def hide(self, subject: Ssin, record_id: UUID) -> HiddenPerson:
        """The person as one record holds it; the encrypted number is of use in that record only."""
        number = subject.number.to_bytes(_NUMBER_BYTES, "big")
        return HiddenPerson(self.key_of(subject), self._sealed(b"subject", record_id, number))

    def hide_user(self, user: str, record_id: UUID) -> HiddenPerson:
        """An official or a program as one record holds it."""
        return HiddenPerson(
            self._digest(b"user" + user.encode()) & _UNSIGNED,
            self._sealed(b"user", record_id, user.encode()),
        )

    def hide_enterprise(self, number: CbeNumber, record_id: UUID) -> bytes:
        """An enterprise or an establishment as one record holds it: the number of somebody who
        works on his own account names him."""
        return self._sealed(b"enterprise", record_id, number.digits.encode())

    def key_of(self, subject: Ssin) -> int:
        """What the person's records of the month are found by: 64 bits, enough to tell persons
        apart, too few to be of use elsewhere."""
        return self._digest(subject.digits.encode())

    def reveal(self, encrypted: bytes, record_id: UUID) -> Ssin:
        """The person that one record is about; cryptography's InvalidTag if it was altered."""
        opened = self._cipher.decrypt(_nonce(b"subject", record_id), encrypted, record_id.bytes)
        return Ssin(int.from_bytes(opened, "big"))

    def reveal_enterprise(self, encrypted: bytes, record_id: UUID) -> CbeNumber:
        """The enterprise or the establishment that one record is about."""
        opened = self._cipher.decrypt(_nonce(b"enterprise", record_id), encrypted, record_id.bytes)
        return parse_cbe_number(opened.decode())

    def reveal_user(self, encrypted: bytes, record_id: UUID) -> str:
        """The official or program that asked."""
        opened = self._cipher.decrypt(_nonce(b"user", record_id), encrypted, record_id.bytes)
        return opened.decode()

    def _sealed(self, part: bytes, record_id: UUID, plain: bytes) -> bytes:
        # One record is sealed once: what is handed over a second time is not kept.
        return self._cipher.encrypt(_nonce(part, record_id), plain, record_id.bytes)

    def _digest(self, text: bytes) -> int:
        digest = hmac.digest(self._digest_secret, text, hashlib.sha256)
        return int.from_bytes(digest[:_SHORT_KEY_BYTES], "big", signed=True)


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
        """The number as one event outside the log holds it, of use there only."""
        version = self._versions[self._current]
        nonce = token_bytes(_NONCE_BYTES)
        sealed = version.cipher.encrypt(nonce, subject.digits.encode(), record_id.bytes)
        return HiddenSubject(_digest(version, subject), self._current, nonce + sealed)

    def keys_of(self, subject: Ssin) -> list[bytes]:
        """What the person's number is found by outside the log, one for each version."""
        return [_digest(version, subject) for version in self._versions.values()]

    def reveal(self, hidden: HiddenSubject, record_id: UUID) -> Ssin:
        """The person that one record is about; cryptography's InvalidTag if it was altered."""
        sealed = hidden.encrypted
        plain = self._versions[hidden.key_version].cipher.decrypt(
            sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], record_id.bytes
        )
        return Ssin(int(plain))

    def seal(self, content: bytes, record_id: UUID) -> Sealed:
        """What is said about a person outside the log, of use under one identification only."""
        nonce = token_bytes(_NONCE_BYTES)
        cipher = self._versions[self._current].cipher
        sealed = cipher.encrypt(nonce, content, _CONTENT + record_id.bytes)
        return Sealed(self._current, nonce + sealed)

    def open(self, sealed: Sealed, record_id: UUID) -> bytes:
        """What is sealed under an identification; cryptography's InvalidTag if it was altered."""
        cipher, content = self._versions[sealed.key_version].cipher, sealed.content
        bound = _CONTENT + record_id.bytes
        return cipher.decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], bound)

    @property
    def current(self) -> int:
        """The version that wraps new keys."""
        return self._current

    def wrapped(self, secret: bytes) -> bytes:
        """A month's secret, of use to who holds the current version."""
        nonce = token_bytes(_NONCE_BYTES)
        return nonce + self._versions[self._current].cipher.encrypt(nonce, secret, _WRAPPED)

    def unwrapped(self, version: int, wrapped: bytes) -> bytes:
        """A month's secret, or SubjectKeysUnusable if the file has no such version."""
        try:
            cipher = self._versions[version].cipher
            return cipher.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], _WRAPPED)
        except (KeyError, InvalidTag):
            raise SubjectKeysUnusable(f"version {version} does not open a month's key") from None


def _version(pair: Mapping[str, str]) -> _Version:
    digest_secret, encryption = (
        b64decode(pair[part], validate=True) for part in ("hmac", "encryption")
    )
    if len(digest_secret) != SECRET_BYTES or len(encryption) != SECRET_BYTES:
        raise ValueError
    return _Version(digest_secret, AESGCM(encryption))


def _digest(version: _Version, subject: Ssin) -> bytes:
    return hmac.digest(version.digest_secret, subject.digits.encode(), hashlib.sha256)[:_KEY_BYTES]


def _nonce(part: bytes, record_id: UUID) -> bytes:
    # Never used twice under one key: a record has one person of each part.
    return hashlib.sha256(part + record_id.bytes).digest()[:_NONCE_BYTES]
