"""Who may have which tokens: codes good once, refresh tokens good once, and what they lead to."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey

CODE_LIVES = 60.0
TOKEN_LIVES = 300
REFRESH_LIVES = 3600.0
CLAIM = "egovNRN"


class Refused(Exception):
    """Nothing is given; the text is the error of OAuth."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code or a refresh token stands for."""

    person: str
    nonce: str
    challenge: str
    redirect: str
    ends_at: float


@dataclass
class Grants:
    """Everything that was given and not used yet, in memory."""

    issuer: str
    client: str
    audience: str
    key: ECKey = field(repr=False)
    now: Callable[[], float] = time.time
    _held: dict[str, Grant] = field(default_factory=dict, repr=False)

    def code(self, person: str, nonce: str, challenge: str, redirect: str) -> str:
        """A code for who has just signed in."""
        return self._keep(Grant(person, nonce, challenge, redirect, self.now() + CODE_LIVES))

    def redeem(self, code: str, verifier: str, redirect: str) -> dict[str, object]:
        """What a code gives, once; Refused without its verifier."""
        grant = self._take(code)
        proven = secrets.compare_digest(create_s256_code_challenge(verifier), grant.challenge)
        if not proven or redirect != grant.redirect:
            raise Refused("invalid_grant")
        return self._given(grant) | {"id_token": self._id_token(grant)}

    def renew(self, token: str) -> dict[str, object]:
        """What a refresh token gives, once: the next one stands in its place."""
        return self._given(self._take(token))

    def revoke(self, token: str) -> None:
        """Take back a refresh token."""
        self._held.pop(token, None)

    def _keep(self, grant: Grant) -> str:
        self._held = {name: one for name, one in self._held.items() if one.ends_at > self.now()}
        name = secrets.token_urlsafe(32)
        self._held[name] = grant
        return name

    def _take(self, name: str) -> Grant:
        grant = self._held.pop(name, None)
        if grant is None or grant.ends_at <= self.now():
            raise Refused("invalid_grant")
        return grant

    def _given(self, grant: Grant) -> dict[str, object]:
        lasting = replace(grant, challenge="", ends_at=self.now() + REFRESH_LIVES)
        claims = {"aud": self.audience, "client_id": self.client, "jti": secrets.token_hex(16)}
        return {
            "token_type": "Bearer",
            "access_token": self._signed("at+jwt", grant, claims),
            "expires_in": TOKEN_LIVES,
            "refresh_token": self._keep(lasting),
        }

    def _id_token(self, grant: Grant) -> str:
        return self._signed("JWT", grant, {"aud": self.client, "nonce": grant.nonce})

    def _signed(self, kind: str, grant: Grant, more: dict[str, str]) -> str:
        now = int(self.now())
        claims = {
            "iss": self.issuer,
            # Who it is without his number: what a provider calls him.
            "sub": hashlib.sha256(f"{self.client} {grant.person}".encode()).hexdigest()[:16],
            "iat": now,
            "exp": now + TOKEN_LIVES,
            CLAIM: grant.person,
            **more,
        }
        header = {"alg": "ES256", "typ": kind, "kid": self.key.kid}
        return jwt.encode(header, claims, self.key)
