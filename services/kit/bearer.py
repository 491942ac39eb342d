"""A person's signed access token (RFC 9068), as a program brings it that the person signed in to.

Every service verifies it by itself: which issuer signed it, that it was made for the mesh, that it
is an access token, and that its time is not over. The life of a token is the bound of what a stolen
one is good for, so one that was made for longer than five minutes is not taken at all. Tokens are
never logged, nor is what they say.
"""

import json
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import structlog
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

TOKEN: ContextVar[str | None] = ContextVar("token", default=None)
"""For whom the calls at hand are made: the token of a person who signed in. Only a program that
people sign in to sets it."""
HEADER = "authorization"
ALGORITHMS = ("ES256", "RS256", "PS256")
"""What issuers sign with; whatever a token says of itself, there is no other."""
TYPES = frozenset({"at+jwt", "application/at+jwt"})
LONGEST_LIFE = timedelta(minutes=5)
LARGEST = 8 * 1024
"""Bytes of the longest token that is looked at."""
LOOK = 1.0
"""Seconds between two looks at whether the file of keys was replaced."""
_SCHEME = "bearer "
_PRIVATE = frozenset({"d", "k"})
log = structlog.get_logger()


class TokenFlaw(Enum):
    """Why a token is nobody's."""

    ENDED = "ended"
    """It was good, and its time is over."""
    UNUSABLE = "unusable"
    """It is no access token of the issuer for the mesh."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who signed in, as the issuer of a token says."""

    number: str = field(repr=False)
    """What the claim holds that names persons; never logged."""
    issuer: str


class HasTokens(Protocol):
    """The settings that say which tokens are believed."""

    @property
    def tokens_issuer(self) -> str: ...
    @property
    def tokens_audience(self) -> str: ...
    @property
    def tokens_claim(self) -> str: ...
    @property
    def tokens_keys_file(self) -> Path | None: ...
    @property
    def clock_grace(self) -> timedelta: ...


class Tokens:
    """Verifies tokens with the keys of a file (JWKS, RFC 7517) that is read again when it is
    replaced; nobody holds one where there is no file."""

    def __init__(self, settings: HasTokens, now: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._now = now
        self._seen: tuple[int, int, int] | None = None
        self._look = 0.0
        self._keys: KeySet | None = None
        self._refresh()

    def holder(self, header: str) -> Holder | TokenFlaw:
        """Whose token a header brings; what is wrong with it otherwise."""
        self._refresh()
        token = header[len(_SCHEME) :].strip()
        # Five parts are an encrypted token, for which the issuer's public key is enough.
        if not header.lower().startswith(_SCHEME) or token.count(".") != 2 or self._keys is None:
            return TokenFlaw.UNUSABLE
        if len(token) > LARGEST:
            return TokenFlaw.UNUSABLE
        try:
            read = jwt.decode(token, self._keys, algorithms=list(ALGORITHMS))
            return self._claimed(read.header, read.claims)
        except ExpiredTokenError:
            return TokenFlaw.ENDED
        except (JoseError, ValueError, TypeError, OverflowError, RecursionError):
            return TokenFlaw.UNUSABLE

    def _claimed(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> Holder | TokenFlaw:
        told = self._settings
        named = {
            "iss": {"essential": True, "value": told.tokens_issuer},
            "aud": {"essential": True, "value": told.tokens_audience},
            "exp": {"essential": True},
            "iat": {"essential": True},
            told.tokens_claim: {"essential": True},
        }
        grace = int(told.clock_grace.total_seconds())
        # Reading alone checks no claim: this does.
        jwt.JWTClaimsRegistry(int(self._now()), grace, **named).validate(dict(claims))  # type: ignore[arg-type]
        kind, number = str(header.get("typ", "")).lower(), claims[told.tokens_claim]
        lasts = timedelta(seconds=claims["exp"] - claims["iat"])
        if kind not in TYPES or not isinstance(number, str) or lasts > LONGEST_LIFE:
            return TokenFlaw.UNUSABLE
        return Holder(number, told.tokens_issuer)

    def _refresh(self) -> None:
        path, now = self._settings.tokens_keys_file, time.monotonic()
        if path is None or now < self._look:
            return
        self._look = now + LOOK
        try:
            stat = path.stat()
            seen = stat.st_mtime_ns, stat.st_ino, stat.st_size
            if seen != self._seen:
                self._keys, self._seen = _public(path.read_bytes()), seen
        except (OSError, ValueError) as fault:
            if self._seen is None:
                raise
            log.warning("keys of tokens not usable, keeping the last", fault=type(fault).__name__)


def _public(content: bytes) -> KeySet:
    """The keys in a file; ValueError if one of them could sign."""
    told = json.loads(content)
    if not isinstance(told, dict) or not isinstance(told.get("keys"), list):
        raise ValueError("is no JSON Web Key Set")
    if any(_PRIVATE & key.keys() for key in told["keys"]):
        raise ValueError("holds a key that is no public one")
    try:
        return KeySet.import_key_set(told)  # type: ignore[arg-type]
    except JoseError as fault:
        raise ValueError("holds no key") from fault
