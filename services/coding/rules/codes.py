"""How numbers become codes, in the keyed mode.

code = HMAC-SHA-256(k, number), its first 128 bits. Every key of a project is derived by
HKDF-Expand (RFC 5869) from the master key, under an info that names the purpose, the project, the
recipient, the kind and the version, and holds the seed of the project: what nobody can guess, and
what is deleted when the project is closed. Two purposes, two kinds or two projects have keys that
tell nothing of each other, so that codes of two projects cannot be joined.

Source: own design, after the coding of data for research by the bank; RFC 2104, RFC 5869.
"""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from services.coding.model import CODE_BYTES, CodedUnit, Project
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin

LABEL = b"cbss coding"
VERSION = 1
SEED_BYTES = 32
_BLOCK = 64
_INNER, _OUTER = bytes(b ^ 0x36 for b in range(256)), bytes(b ^ 0x5C for b in range(256))
TEN_THOUSAND = 10_000


def key_info(project: Project, seed: bytes, purpose: str, kind: str = "") -> bytes:
    """Under what a key is derived: no two that differ in anything are alike."""
    parts = (
        LABEL,
        bytes([VERSION]),
        purpose.encode(),
        project.project_id.bytes,
        project.plan.recipient.digits.encode(),
        kind.encode(),
        seed,
    )
    return b"".join(len(part).to_bytes(2) + part for part in parts)


def key_digest(project_id: UUID, key: bytes) -> str:
    """What commits to a key without telling it."""
    return hashlib.sha256(b"cbss coding key\0" + project_id.bytes + key).hexdigest()


class Coder:
    """Codes by one key. Its pads are hashed once, not for every number."""

    def __init__(self, key: bytes) -> None:
        assert len(key) == 32
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(padded.translate(_INNER))
        self._outer = hashlib.sha256(padded.translate(_OUTER))

    def code(self, number: bytes) -> bytes:
        """The code of one number."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(number)
        outer.update(inner.digest())
        return outer.digest()[:CODE_BYTES]

    def codes(self, numbers: Iterable[bytes]) -> list[bytes]:
        """The codes of many, in order."""
        inner_copy, outer_copy = self._inner.copy, self._outer.copy
        found = []
        for number in numbers:
            inner, outer = inner_copy(), outer_copy()
            inner.update(number)
            outer.update(inner.digest())
            found.append(outer.digest()[:CODE_BYTES])
        return found


class Draw:
    """Whether units are in the sample of a project: the key decides, whoever asks."""

    def __init__(self, key: bytes, drawn: int) -> None:
        self._coder = Coder(key)
        self._drawn = drawn

    def draws(self, number: bytes) -> bool:
        """Whether a unit, or a household as a whole, is in it."""
        if self._drawn >= TEN_THOUSAND:
            return True
        chance = int.from_bytes(self._coder.code(number)[:8])
        return chance * TEN_THOUSAND >> 64 < self._drawn


def digits(number: Ssin | EnterpriseNumber) -> bytes:
    """The one form in which a number is coded: its digits alone."""
    return number.digits.encode()


def content_sha256(columns: Sequence[str], rows: Iterable[tuple[CodedUnit, Sequence[str]]]) -> str:
    """The digest of a delivery, which its recipient computes too."""
    digest = hashlib.sha256()
    for unit, values in rows:
        assert len(values) == len(columns)
        for part in (unit.code, unit.household, *(value.encode() for value in values)):
            digest.update(len(part).to_bytes(4) + part)
    return digest.hexdigest()
