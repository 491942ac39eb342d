"""A master key in a token (PKCS#11), which signs with it and never gives it away: for production.

HMAC-SHA-256 of the info and one byte 0x01 is the first, and here the only, block of HKDF-Expand
(RFC 5869, 2.3): what a token derives is what a sealed file with the same key would.
"""

import asyncio
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass

_BLOCK = b"\x01"


@dataclass(frozen=True)
class Token:
    """A session with a token; one call at a time, beside the loop."""

    _key: Any = field(repr=False)
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    async def derive(self, info: bytes) -> bytes:
        """32 bytes by HKDF-Expand (SHA-256) from the master key."""
        return await asyncio.to_thread(self._signed, info + _BLOCK)

    def _signed(self, data: bytes) -> bytes:
        with self._turn:
            signed: bytes = self._key.sign(data, mechanism=Mechanism.SHA256_HMAC)
        return signed

    @classmethod
    def open(cls, module: str, label: str, key: str, pin: Path) -> "Token":
        """The master key of a token; ValueError if it is not there, or can be read out."""
        try:
            token = pkcs11.lib(module).get_token(token_label=label)
            session = token.open(user_pin=pin.read_text().strip())
            found = session.get_key(
                object_class=ObjectClass.SECRET_KEY, key_type=KeyType.GENERIC_SECRET, label=key
            )
        except (pkcs11.PKCS11Error, RuntimeError) as fault:
            raise ValueError(f"the token cannot be used: {type(fault).__name__}") from None
        if found[Attribute.EXTRACTABLE] or not found[Attribute.SENSITIVE]:
            raise ValueError("the master key can be read out of the token")
        return cls(found)


def make_key(module: str, label: str, key: str, pin: Path) -> None:
    """Make the master key in a token: it signs, and never leaves it."""
    token = pkcs11.lib(module).get_token(token_label=label)
    with token.open(user_pin=pin.read_text().strip(), rw=True) as session:
        session.generate_key(
            KeyType.GENERIC_SECRET,
            256,
            label=key,
            store=True,
            template={
                Attribute.SIGN: True,
                Attribute.VERIFY: True,
                Attribute.SENSITIVE: True,
                Attribute.EXTRACTABLE: False,
            },
        )
