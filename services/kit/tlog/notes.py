"""Signed notes (C2SP signed-note): a text, an empty line, and who signed it with Ed25519.

Keys are written as Go's `sumdb/note` does: `<name>+<id>+<base64>` to verify with, and
`PRIVATE+KEY+<name>+<id>+<base64>` to sign with. A cosignature (C2SP tlog-cosignature) also says
when it was made; its keys are of another type, so that one can never pass for the other.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SIGNATURE, COSIGNATURE = b"\x01", b"\x04"
LONGEST = 64 * 1024
_KEY_BYTES = 32
_TIME_BYTES = 8


class NoteInvalid(Exception):
    """The text is no signed note, or not signed by who should have."""


class KeyUnusable(Exception):
    """The text is no key of the form described."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with the name of who signs with it."""

    name: str
    kind: bytes
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key in a text, or KeyUnusable."""
        try:
            name, identification, encoded = text.strip().split("+", 2)
            held = b64decode(encoded, validate=True)
        except ValueError:
            raise KeyUnusable from None
        made = cls(name, held[:1], held[1:])
        known = made.kind in (SIGNATURE, COSIGNATURE) and len(made.public) == _KEY_BYTES
        if not (known and _is_name(name) and made.identification.hex() == identification):
            raise KeyUnusable
        return made

    @property
    def identification(self) -> bytes:
        """Four bytes that lead from a signature to its key."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        encoded = b64encode(self.kind + self.public).decode()
        return f"{self.name}+{self.identification.hex()}+{encoded}"

    def verify(self, text: str, signature: bytes) -> None:
        """NoteInvalid unless this key signed the text."""
        signed = text.encode()
        if self.kind == COSIGNATURE:
            time = int.from_bytes(signature[:_TIME_BYTES], "big")
            signed, signature = _cosigned(text, time), signature[_TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, signed)
        except InvalidSignature:
            raise NoteInvalid from None


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key; it never shows itself."""

    verifier: Verifier
    _private: Ed25519PrivateKey

    @classmethod
    def of(cls, name: str, kind: bytes, seed: bytes) -> Self:
        """The key of a seed of 32 bytes."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return cls(Verifier(name, kind, public), private)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key in a text, or KeyUnusable."""
        try:
            marked, key, name, identification, encoded = text.strip().split("+", 4)
            held = b64decode(encoded, validate=True)
            made = cls.of(name, held[:1], held[1:])
        except ValueError:
            raise KeyUnusable from None
        if (marked, key) != ("PRIVATE", "KEY") or not _is_name(name):
            raise KeyUnusable
        if made.verifier.kind not in (SIGNATURE, COSIGNATURE):
            raise KeyUnusable
        if made.verifier.identification.hex() != identification:
            raise KeyUnusable
        return made

    def sign(self, text: str, time: int = 0) -> str:
        """A signature line on a text that ends its line; the time counts for a cosignature."""
        kept, signed = b"", text.encode()
        if self.verifier.kind == COSIGNATURE:
            kept, signed = time.to_bytes(_TIME_BYTES, "big"), _cosigned(text, time)
        signature = self.verifier.identification + kept + self._private.sign(signed)
        return f"— {self.verifier.name} {b64encode(signature).decode()}\n"


def private_key_text(name: str, kind: bytes, seed: bytes) -> str:
    """A private key as it is kept in a file."""
    identification = Signer.of(name, kind, seed).verifier.identification.hex()
    return f"PRIVATE+KEY+{name}+{identification}+{b64encode(kind + seed).decode()}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line below a note."""

    name: str
    identification: bytes
    signature: bytes

    @property
    def time(self) -> int:
        """When a cosignature was made, in seconds since 1970."""
        return int.from_bytes(self.signature[:_TIME_BYTES], "big")


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signatures, none of them verified yet."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, written: str) -> Self:
        """The note in a text, or NoteInvalid."""
        if len(written) > LONGEST or not written.endswith("\n"):
            raise NoteInvalid
        text, parted, lines = written.rpartition("\n\n")
        if not parted or not lines:
            raise NoteInvalid
        return cls(f"{text}\n", tuple(map(signature_in, lines.splitlines())))

    @classmethod
    def decode(cls, written: bytes) -> Self:
        """The note in what is kept or sent, or NoteInvalid."""
        try:
            return cls.parse(written.decode())
        except UnicodeDecodeError:
            raise NoteInvalid from None

    def signature_of(self, verifier: Verifier) -> Signature:
        """The signature with a key, verified; NoteInvalid if there is none or it is not good."""
        for one in self.signatures:
            if (one.name, one.identification) == (verifier.name, verifier.identification):
                verifier.verify(self.text, one.signature)
                return one
        raise NoteInvalid


def signature_in(line: str) -> Signature:
    """The signature of a line, or NoteInvalid."""
    try:
        dash, name, encoded = line.split(" ")
        held = b64decode(encoded, validate=True)
    except ValueError:
        raise NoteInvalid from None
    if dash != "—" or not _is_name(name) or len(held) < 5:
        raise NoteInvalid
    return Signature(name, held[:4], held[4:])


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)
