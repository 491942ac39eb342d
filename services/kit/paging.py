"""Page tokens: where a list goes on, opaque to the caller and of use to nobody else.

A token is the position after which the next page begins, sealed together with who asked and what
was asked. It is encrypted, for a position may well be a person.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.concepts.failures import invalid
from services.kit.errors import PageTokenInvalid

Position = Sequence[str | int | None]
"""The key of the last row of a page, in the order of the list."""

_NONCE = 12
_LONGEST = 4096


class PageTokens:
    """Makes and reads the tokens of one service; all its replicas share the secret."""

    def __init__(self, secret: bytes, longest: int = _LONGEST) -> None:
        self._longest = longest
        self._cipher = AESGCM(hashlib.sha256(b"cbss page token\0" + secret).digest())

    def token(self, position: Position, *, caller: str, query: bytes) -> str:
        """The token of the page after a position, for the same caller and query only."""
        nonce = token_bytes(_NONCE)
        sealed = self._cipher.encrypt(
            nonce, json.dumps(list(position)).encode(), _bound(caller, query)
        )
        return urlsafe_b64encode(nonce + sealed).decode().rstrip("=")

    def position(self, token: str, *, caller: str, query: bytes) -> list[str | int | None]:
        """Where the page begins, or PageTokenInvalid."""
        if len(token) > self._longest or not token.isascii():
            raise PageTokenInvalid
        try:
            sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            plain = self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(caller, query))
        except (ValueError, InvalidTag):
            raise PageTokenInvalid from None
        position: list[str | int | None] = json.loads(plain)
        return position


def page_size(asked: int, *, default: int, most: int) -> int:
    """How many rows a page has: the default for zero, never more than the most."""
    if asked < 0:
        raise invalid("page_size", "must not be negative")
    return min(asked or default, most)


def _bound(caller: str, query: bytes) -> bytes:
    return hashlib.sha256(caller.encode() + b"\0" + query).digest()
