"""Temporary numbers, and rows at rest: of use to whoever has the key of the project, nobody else.

A temporary number is the code of a unit, encrypted by AES-SIV (RFC 5297) under a key of the project
and the source: always the same for the same unit, refused if it was invented, altered, or given to
another source. No table leads from numbers to codes.

Source: own design; RFC 5297 and NIST SP 800-38D.
"""

import json
import zlib
from collections.abc import Sequence
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from services.coding.model import CODE_BYTES, TEMPORARY_BYTES, CodedUnit, Row
from services.concepts.enterprise_number import EnterpriseNumber

_ALONE, _IN_HOUSEHOLD = b"\x01", b"\x02"
_NONE = bytes(CODE_BYTES)
_NONCE_BYTES = 12
_FAST = 1


class TemporaryNumbers:
    """The temporary numbers of one source in one project."""

    def __init__(self, key: bytes, source: EnterpriseNumber) -> None:
        self._cipher = AESSIV(key)
        self._bound = [source.digits.encode()]

    def give(self, unit: CodedUnit) -> bytes:
        """The temporary number of a unit."""
        kind, household = (_IN_HOUSEHOLD, unit.household) if unit.household else (_ALONE, _NONE)
        return self._cipher.encrypt(kind + unit.code + household, self._bound)

    def find(self, number: bytes) -> CodedUnit | None:
        """The unit of a temporary number; nothing if it was not given to this source."""
        if len(number) != TEMPORARY_BYTES:
            return None
        try:
            plain = self._cipher.decrypt(number, self._bound)
        except InvalidTag:
            return None
        code, household = plain[1 : 1 + CODE_BYTES], plain[1 + CODE_BYTES :]
        return CodedUnit(code, household if plain[:1] == _IN_HOUSEHOLD else b"")


class RowSeal:
    """Seals rows under the key of a project, bound to what they are."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, rows: Sequence[Row], bound: bytes) -> bytes:
        """Rows as they rest."""
        told = [[one.unit.code.hex(), one.unit.household.hex(), *one.values] for one in rows]
        nonce = token_bytes(_NONCE_BYTES)
        plain = zlib.compress(json.dumps(told, ensure_ascii=False).encode(), _FAST)
        return nonce + self._cipher.encrypt(nonce, plain, bound)

    def seal_codes(self, packed: bytes, bound: bytes) -> bytes:
        """Codes of a list as they rest."""
        nonce = token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, packed, b"codes" + bound)

    def open_codes(self, sealed: bytes, bound: bytes) -> bytes:
        """The codes that were sealed."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return self._cipher.decrypt(nonce, rest, b"codes" + bound)

    def open(self, sealed: bytes, bound: bytes) -> tuple[Row, ...]:
        """The rows that were sealed; cryptography's InvalidTag if something was altered."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        told = json.loads(zlib.decompress(self._cipher.decrypt(nonce, rest, bound)))
        return tuple(
            Row(CodedUnit(bytes.fromhex(code), bytes.fromhex(household)), tuple(values))
            for code, household, *values in told
        )
