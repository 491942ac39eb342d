"""Access tokens that only tests believe, of every good and bad form."""

import hmac
import json
import time
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

from joserfc import jwe, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

ISSUER = "https://provider.test"
AUDIENCE = "cbss"
CLAIM = "egovNRN"


class Issuer:
    """Signs tokens with a key of its own."""

    def __init__(self, name: str = ISSUER, kid: str = "k1") -> None:
        self.name = name
        self.key = ECKey.generate_key("P-256", {"kid": kid})

    def publish(self, folder: Path) -> dict[str, Any]:
        """Write the public keys: the settings by which a service believes this issuer."""
        path = folder / "tokens.jwks"
        path.write_text(json.dumps(KeySet([self.key]).as_dict(private=False)))
        return {"tokens_keys_file": path, "tokens_issuer": self.name}

    def token(
        self,
        person: str,
        *,
        kind: str | None = "at+jwt",
        key: Any = None,
        alg: str = "ES256",
        begins: float = 0,
        lasts: float = 300,
        **changed: Any,
    ) -> str:
        """A token that begins so many seconds from now; a claim changed to None is left out."""
        now = int(time.time() + begins)
        claims = {
            "iss": self.name,
            "aud": AUDIENCE,
            "sub": "1",
            "client_id": "portal",
            "iat": now,
            "exp": int(now + lasts),
            CLAIM: person,
        } | changed
        header = {"alg": alg, "kid": self.key.kid} | ({"typ": kind} if kind else {})
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(header, told, key or self.key, algorithms=[alg])

    def encrypted(self, person: str) -> str:
        """The claims encrypted with the public key, as anybody can."""
        header = {"alg": "ECDH-ES", "enc": "A128GCM", "kid": self.key.kid, "typ": "at+jwt"}
        signed = self.token(person).encode()
        return jwe.encrypt_compact(header, signed, self.key)

    def unsigned(self, person: str) -> str:
        """A token of the algorithm `none`."""
        return f"{_part({'alg': 'none', 'typ': 'at+jwt'})}.{self.token(person).split('.')[1]}."

    def confused(self, person: str) -> str:
        """A token authenticated with the public key as if it were a shared secret."""
        head = _part({"alg": "HS256", "typ": "at+jwt", "kid": self.key.kid})
        told = f"{head}.{self.token(person).split('.')[1]}"
        secret = self.key.as_pem(private=False)
        code = hmac.digest(secret, told.encode(), "sha256")
        return f"{told}.{urlsafe_b64encode(code).decode().rstrip('=')}"


def _part(told: dict[str, str]) -> str:
    return urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def other_kind() -> RSAKey:
    """A key of another kind than the issuer's."""
    return RSAKey.generate_key(2048)
