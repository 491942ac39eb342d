"""The decisions about files, pure."""

import hashlib
from collections.abc import Iterator

from services.routing.batches.model import Order
from services.routing.files.model import BatchFile, FileState, Flaw, Rejection, Voucher

LONGEST_MESSAGE = 1024 * 1024
"""How many bytes a message in a file has at most, as one that is sent by itself."""
_LONGEST_LENGTH = 5
"""How many bytes a length of that size takes at most."""


class Unreadable(Exception):
    """What came is no sequence of messages."""


class Messages:
    """Cuts bytes as they come into messages, each after its length as a varint."""

    def __init__(self) -> None:
        self._rest = b""

    def add(self, content: bytes) -> Iterator[bytes]:
        """The messages that are whole by now; Unreadable if a length makes no sense."""
        data, at = self._rest + content, 0
        while (found := _length(data, at)) is not None:
            begin, length = found
            if length > LONGEST_MESSAGE:
                raise Unreadable
            if len(data) < begin + length:
                break
            yield data[begin : begin + length]
            at = begin + length
        self._rest = data[at:]

    def end(self) -> None:
        """Unreadable if a message is not whole."""
        if self._rest:
            raise Unreadable


def _length(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the message begins whose length stands here, and that length; nothing if more of it is
    still to come."""
    value = shift = 0
    for place, byte in enumerate(data[at : at + _LONGEST_LENGTH], at):
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return place + 1, value
        shift += 7
    if len(data) - at >= _LONGEST_LENGTH:
        raise Unreadable
    return None


def delimit(message: bytes) -> bytes:
    """A message after its length, as it stands in a file."""
    left, length = len(message), bytearray()
    while left >= 0x80:
        length.append(left & 0x7F | 0x80)
        left >>= 7
    length.append(left)
    return bytes(length) + message


class Measure:
    """Counts and hashes the bytes of a file as they come."""

    def __init__(self) -> None:
        self.byte_count = 0
        self._hashed = hashlib.sha256()

    def add(self, content: bytes) -> None:
        """Let more bytes count."""
        self.byte_count += len(content)
        self._hashed.update(content)

    def value(self) -> bytes:
        """The SHA-256 of what came."""
        return self._hashed.digest()

    def flaw(self, voucher: Voucher) -> Flaw | None:
        """In what the bytes that came are not those of the voucher, if all came."""
        if self.byte_count < voucher.byte_count:
            return Flaw(Rejection.CUT, "voucher.byte_count")
        if self.byte_count > voucher.byte_count:
            return Flaw(Rejection.TOO_LONG, "voucher.byte_count")
        if self.value() != voucher.sha256:
            return Flaw(Rejection.HASH_DIFFERS, "voucher.sha256")
        return None


def mismatch(order: Order, voucher: Voucher) -> Flaw | None:
    """In what the header of a file is not what its voucher says."""
    question = order.question
    pairs = {
        "voucher.sender": (question.head.customer, voucher.sender),
        "voucher.legal_context": (question.head.legal_context, voucher.legal_context),
        "voucher.data_contract": (question.contract.code, voucher.contract.code),
        "voucher.contract_version": (question.contract.version, voucher.contract.version),
    }
    for field, (told, announced) in pairs.items():
        if told != announced:
            return Flaw(Rejection.VOUCHER_DIFFERS, field)
    return None


def state_of(kept: FileState, *, is_batch_final: bool) -> FileState:
    """How far a file has come, as it is kept and by how far its batch is."""
    if kept is FileState.VALIDATED and is_batch_final:
        return FileState.PROCESSED
    return kept


def repeats(file: BatchFile, digest: bytes) -> bool:
    """Whether a voucher is that of a file, again."""
    return file.digest == digest
