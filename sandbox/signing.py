"""The files by which people are signed in: a key, and what provider and portal agreed."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from joserfc.jwk import ECKey

from services.kit.files import replace_file


@dataclass(frozen=True)
class SigningIn:
    """Some are secret, one is for everybody who verifies."""

    secret: Path
    """The folder of what is secret."""
    public: Path

    @property
    def provider_key(self) -> Path:
        """The private key of who signs people in, a JSON Web Key."""
        return self.secret / "provider.jwk"

    @property
    def tokens_keys(self) -> Path:
        """The public keys that people's tokens are verified with, a JSON Web Key Set."""
        return self.public / "tokens.jwks"

    @property
    def provider_secret(self) -> Path:
        """What the portal proves itself with to who signs people in."""
        return self.secret / "provider.secret"

    @property
    def session_key(self) -> Path:
        """The secret under which the portal finds the sessions of one person."""
        return self.secret / "session.key"

    def found(self) -> None:
        """Make what is missing."""
        if not self.provider_key.exists():
            key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(8)})
            content = json.dumps(key.as_dict(private=True)).encode()
            replace_file(self.provider_key, content, mode=0o600)
        key = ECKey.import_key(json.loads(self.provider_key.read_bytes()))
        public = {"keys": [key.as_dict(private=False)]}
        replace_file(self.tokens_keys, json.dumps(public).encode())
        for path in (self.provider_secret, self.session_key):
            if not path.exists():
                replace_file(path, secrets.token_urlsafe(32).encode(), mode=0o600)
