"""Transit forms: what leads out of them is encrypted for the owner of a domain, and lives minutes.

A compact JWE (RFC 7516): `alg` dir, `enc` A256GCM; its header tells the key, the audience and the
time, its payload the time again and the scalar. The payload decides; the header is a copy that can
be read without the key, and is authenticated with it.
Source: public protocol of the Belgian eHealth pseudonymisation service.
"""

import json
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.coding.model import COORDINATE_BYTES, Domain, Flaw
from services.coding.rules.curve import ORDER

SKEW = timedelta(seconds=60)
LONGEST = 4096
_IV_BYTES, _TAG_BYTES = 12, 16


def seal_scalar(domain: Domain, scalar: int, now: datetime) -> str:
    """The transit form's way out, from now on as long as forms of the domain live."""
    key = domain.keys[domain.active]
    begin = int(now.timestamp())
    time = {"iat": begin, "exp": begin + int(domain.lives.total_seconds())}
    head = {"alg": "dir", "enc": "A256GCM", "kid": key.kid, "aud": domain.audience, **time}
    written = b64encode(scalar.to_bytes(COORDINATE_BYTES)).decode()
    protected, iv = _encoded(_json(head)), token_bytes(_IV_BYTES)
    plain = _json({**time, "scalar": written})
    sealed = AESGCM(key.secret).encrypt(iv, plain, protected.encode())
    parts = _encoded(iv), _encoded(sealed[:-_TAG_BYTES]), _encoded(sealed[-_TAG_BYTES:])
    return ".".join((protected, "", *parts))


def open_scalar(domain: Domain, told: str, now: datetime) -> int | Flaw:
    """The scalar that leads out of a transit form; why not, if it is not of this domain, was
    altered, or is not within its time."""
    try:
        protected, key, *rest = told[:LONGEST].split(".")
        iv, sealed, tag = map(_decoded, rest)
        head = _object(_decoded(protected))
        known = domain.keys.get(str(head.get("kid")))
        fixed = head.get("alg"), head.get("enc"), head.get("aud"), key
        if known is None or fixed != ("dir", "A256GCM", domain.audience, ""):
            return Flaw.TRANSIT
        plain = AESGCM(known.secret).decrypt(iv, sealed + tag, protected.encode())
        payload = _object(plain)
        begin, end = payload["iat"], payload["exp"]
        scalar = int.from_bytes(b64decode(payload["scalar"], validate=True))
    except (ValueError, KeyError, TypeError, InvalidTag):
        return Flaw.TRANSIT
    if not (type(begin) is type(end) is int and 0 < scalar < ORDER):
        return Flaw.TRANSIT
    at, skew = now.timestamp(), SKEW.total_seconds()
    return scalar if begin - skew <= at <= end + skew else Flaw.EXPIRED


def _object(told: bytes) -> dict[str, Any]:
    found = json.loads(told)
    if not isinstance(found, dict):
        raise ValueError("is no object")
    return found


def _json(told: object) -> bytes:
    return json.dumps(told, separators=(",", ":")).encode()


def _encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
