"""What rests of batches, of use to the service only: orders, persons, results, records.

Keys of their own come of the same secret as those of notices.
"""

import hashlib
import hmac
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from secrets import token_bytes
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.concepts.failures import InvalidArgument
from services.concepts.ssin import parse_ssin
from services.concepts.subject import parse_cbe_number
from services.routing.batches.model import Item, Order
from services.routing.model import InvalidContent
from services.routing.notices.store.sealing import read_secret

_NONCE_BYTES = 12
_LENGTH_BYTES = 4
_FAST = 1


class Digest:
    """Grows with the items of a batch."""

    def __init__(self, key: bytes, head: bytes) -> None:
        self._keyed = hmac.new(key, head, hashlib.sha256)

    def add(self, items: Sequence[Item]) -> None:
        """Let more items count, in their order."""
        parts = "".join(
            f"\0{one.number}\0{one.reference}\0{one.enterprise is None}" for one in items
        )
        self._keyed.update(parts.encode())

    def value(self) -> bytes:
        """The digest of all that was added."""
        return self._keyed.digest()


class Seal:
    """Seals what belongs to a batch under its identification and what it is."""

    def __init__(self, secret: bytes) -> None:
        cipher, self._digesting, self.token_secret = (
            hmac.digest(secret, part, hashlib.sha256)
            for part in (b"batch", b"batch digest", b"batch token")
        )
        self._cipher = AESGCM(cipher)

    @classmethod
    def read(cls, path: Path) -> "Seal":
        """The seal of a secret in a file; ValueError if it is none."""
        return cls(read_secret(path))

    def seal(self, parts: Sequence[bytes], batch_id: UUID, what: str) -> bytes:
        """Parts of a batch as they rest."""
        nonce = token_bytes(_NONCE_BYTES)
        plain = b"".join(len(one).to_bytes(_LENGTH_BYTES) + one for one in parts)
        return nonce + self._cipher.encrypt(
            nonce, zlib.compress(plain, _FAST), _bound(batch_id, what)
        )

    def open(self, sealed: bytes, batch_id: UUID, what: str) -> tuple[bytes, ...]:
        """The parts that were sealed; cryptography's InvalidTag if something was altered."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        plain = zlib.decompress(self._cipher.decrypt(nonce, rest, _bound(batch_id, what)))
        parts, at = [], 0
        while at < len(plain):
            begin = at + _LENGTH_BYTES
            at = begin + int.from_bytes(plain[at:begin])
            parts.append(plain[begin:at])
        return tuple(parts)

    def keyed(self, *parts: bytes) -> bytes:
        """What tells parts from others."""
        told = b"".join(len(one).to_bytes(_LENGTH_BYTES) + one for one in parts)
        return hmac.digest(self._digesting, told, hashlib.sha256)

    def digest(self, order: Order) -> Digest:
        """What tells a batch from another under the same ticket: all that was parsed of it."""
        question, criteria = order.question, order.question.criteria
        parts = [
            question.head.legal_context,
            str(question.contract),
            order.moment,
            "" if order.term is None else str(order.term),
            "" if criteria is None else criteria.type_name,
        ]
        head = "\0".join(parts).encode() + b"\0"
        return Digest(self._digesting, head + (b"" if criteria is None else criteria.content))


def pack(items: Sequence[Item]) -> list[bytes]:
    """Items as parts: one, for they rest together."""
    told = [[one.number, one.reference, one.enterprise is None] for one in items]
    return [json.dumps(told).encode()]


def unpack(parts: Sequence[bytes]) -> tuple[Item, ...]:
    """The items that were packed."""
    (told,) = parts
    return tuple(map(_item, json.loads(told)))


def _item(told: tuple[str, str, bool]) -> Item:
    text, reference, is_person = told
    try:
        if is_person:
            return Item(text, reference, parse_ssin(text))
        return Item(text, reference, None, parse_cbe_number(text))
    except InvalidArgument as wrong:
        flaw = InvalidContent("cbe_number", wrong.violations[0].description)
        return Item(text, reference, None, None if is_person else flaw)


def _bound(batch_id: UUID, what: str) -> bytes:
    return batch_id.bytes + what.encode()
