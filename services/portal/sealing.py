"""Sessions at rest: nobody reads one in the store without the key that only its browser has."""

import hashlib
import hmac
import json
import os
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


def fresh_key() -> str:
    """A key that nobody can guess."""
    return secrets.token_urlsafe(32)


def name_of(key: str) -> str:
    """Under which name what a key opens is found; it does not tell the key."""
    return hashlib.sha256(b"name\0" + key.encode()).hexdigest()


def person_of(number: str, secret: bytes) -> str:
    """Under which name the sessions of a person are found together; it does not tell the person."""
    return hmac.digest(secret, number.encode(), "sha256").hex()


def seal(key: str, told: dict[str, Any]) -> bytes:
    """What only the key opens."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key).encrypt(nonce, json.dumps(told).encode(), None)


def unseal(key: str, sealed: bytes) -> dict[str, Any] | None:
    """What was sealed with the key; nothing if it was with another."""
    try:
        plain = _cipher(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
    except (InvalidTag, ValueError):
        return None
    read = json.loads(plain)
    assert isinstance(read, dict)
    return read


def _cipher(key: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"cbss portal session")
    return AESGCM(derived.derive(key.encode()))
