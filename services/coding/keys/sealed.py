"""A master key in a file, sealed by a passphrase that is kept elsewhere: for a sandbox.

Source: own form; scrypt (RFC 7914), AES-256-GCM, HKDF-Expand (RFC 5869).
"""

import asyncio
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

KEY_BYTES = 32
SHORTEST_PASSPHRASE = 16
_BOUND = b"cbss coding master key 1"
_SALT_BYTES, _NONCE_BYTES = 16, 12
_COST = {"n": 1 << 15, "r": 8, "p": 1}


@dataclass(frozen=True)
class SealedFile:
    """A master key that was opened, for as long as the process lives."""

    _master: bytes = field(repr=False)

    async def derive(self, info: bytes) -> bytes:
        """32 bytes by HKDF-Expand (SHA-256) from the master key."""
        return HKDFExpand(SHA256(), KEY_BYTES, info).derive(self._master)

    @classmethod
    async def open(cls, content: bytes, passphrase: bytes) -> "SealedFile":
        """The key that a file holds; ValueError if it cannot be opened."""
        return cls(await asyncio.to_thread(_opened, content, passphrase.strip()))


def seal_key(passphrase: bytes, master: bytes | None = None) -> bytes:
    """The content of a new file: a fresh master key, or the given one."""
    passphrase = passphrase.strip()
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise ValueError(f"the passphrase must have {SHORTEST_PASSPHRASE} bytes")
    salt, nonce = token_bytes(_SALT_BYTES), token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(
        nonce, master or token_bytes(KEY_BYTES), _BOUND
    )
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    return json.dumps({name: b64encode(part).decode() for name, part in parts.items()}).encode()


def _opened(content: bytes, passphrase: bytes) -> bytes:
    try:
        told = json.loads(content)
        salt, nonce, sealed = (b64decode(told[one]) for one in ("salt", "nonce", "sealed"))
        return AESGCM(_stretched(passphrase, salt)).decrypt(nonce, sealed, _BOUND)
    except (KeyError, TypeError, ValueError, InvalidTag):
        raise ValueError("the master key cannot be opened with this passphrase") from None


def _stretched(passphrase: bytes, salt: bytes) -> bytes:
    return Scrypt(salt, KEY_BYTES, **_COST).derive(passphrase)
