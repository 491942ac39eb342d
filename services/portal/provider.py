"""Signing in by OpenID Connect: the authorization code with PKCE, and what comes of it verified.

The provider says who somebody is in an ID token, made for the portal and for this one sign-in
(nonce), and gives the access token that the mesh is called with, which the portal does not judge:
each service does.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from services.kit.bearer import ALGORITHMS
from services.portal.errors import ProviderAway, SignInRefused
from services.portal.model import Pending, SignedIn

DISCOVERY = "/.well-known/openid-configuration"
SCOPE = "openid offline_access"
KNOWN_FOR = 300.0
"""Seconds that what the provider says of itself is believed."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What was agreed with the provider."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    claim: str
    audience: str
    redirect: str
    grace: timedelta


class Provider:
    """Who signs people in."""

    def __init__(
        self, http: httpx.AsyncClient, relation: Relation, now: Callable[[], float] = time.time
    ) -> None:
        self._http = http
        self._relation = relation
        self._now = now
        self._places: dict[str, Any] = {}
        self._places_until = 0.0
        self._keys: KeySet | None = None

    @property
    def issuer(self) -> str:
        """Who it is, by the address that stands in its tokens."""
        return self._relation.issuer

    async def address(self, state: str, pending: Pending, language: str) -> str:
        """Where a browser goes to sign in."""
        place = str((await self._known())["authorization_endpoint"])
        told = self._relation
        return str(
            prepare_grant_uri(
                place,
                client_id=told.client,
                response_type="code",
                redirect_uri=told.redirect,
                scope=SCOPE,
                state=state,
                nonce=pending.nonce,
                code_challenge=create_s256_code_challenge(pending.verifier),
                code_challenge_method="S256",
                resource=told.audience,
                ui_locales=language,
            )
        )

    async def redeem(self, code: str, pending: Pending) -> SignedIn:
        """Who signed in; SignInRefused if the provider or the token says otherwise."""
        given = await self._given(
            grant_type="authorization_code",
            code=code,
            redirect_uri=self._relation.redirect,
            code_verifier=pending.verifier,
        )
        claims = await self._claims(str(given.get("id_token", "")), pending.nonce)
        number = claims.get(self._relation.claim)
        if not isinstance(number, str) or not number:
            raise SignInRefused
        return self._signed_in(given, number, str(given["id_token"]), "")

    async def renew(self, person: SignedIn) -> SignedIn:
        """The same person with a new access token; SignInRefused if he has signed out there."""
        if not person.refresh_token:
            raise SignInRefused
        given = await self._given(grant_type="refresh_token", refresh_token=person.refresh_token)
        return self._signed_in(given, person.number, person.id_token, person.refresh_token)

    async def end(self, person: SignedIn) -> None:
        """Take back what would renew the tokens of a session that ended."""
        place = (await self._known()).get("revocation_endpoint")
        if place and person.refresh_token:
            told = {"token": person.refresh_token, "token_type_hint": "refresh_token"}
            await self._post(str(place), told)

    def _signed_in(
        self, given: Mapping[str, Any], number: str, id_token: str, refresh: str
    ) -> SignedIn:
        token, lasts = given.get("access_token"), given.get("expires_in", 300)
        if not isinstance(token, str) or not isinstance(lasts, int | float):
            raise SignInRefused
        return SignedIn(
            number, token, self._now() + lasts, str(given.get("refresh_token", refresh)), id_token
        )

    async def _given(self, **asked: str) -> Mapping[str, Any]:
        place = str((await self._known())["token_endpoint"])
        asked["resource"] = self._relation.audience
        answer = await self._post(place, asked)
        if answer.status_code != httpx.codes.OK:
            raise SignInRefused
        return _object(answer)

    async def _claims(self, token: str, nonce: str) -> Mapping[str, Any]:
        told = self._relation
        expected: dict[str, Any] = {
            "iss": {"essential": True, "value": told.issuer},
            "aud": {"essential": True, "value": told.client},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        registry = jwt.JWTClaimsRegistry(
            int(self._now()), int(told.grace.total_seconds()), **expected
        )
        if token.count(".") != 2:
            raise SignInRefused
        try:
            read = await self._decoded(token)
            registry.validate(dict(read.claims))
        except (JoseError, ValueError, TypeError) as fault:
            raise SignInRefused from fault
        return read.claims

    async def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, await self._held(), algorithms=list(ALGORITHMS))
        except InvalidKeyIdError:
            # The provider has changed its key.
            self._keys = None
            return jwt.decode(token, await self._held(), algorithms=list(ALGORITHMS))

    async def _held(self) -> KeySet:
        if self._keys is None:
            told = _object(await self._get(str((await self._known())["jwks_uri"])))
            self._keys = KeySet.import_key_set(told)  # type: ignore[arg-type]
        return self._keys

    async def _known(self) -> Mapping[str, Any]:
        """Where the provider is asked what."""
        if self._now() >= self._places_until:
            told = _object(await self._get(self._relation.issuer.rstrip("/") + DISCOVERY))
            if told.get("issuer") != self._relation.issuer:
                raise SignInRefused
            self._places, self._places_until = told, self._now() + KNOWN_FOR
        return self._places

    async def _get(self, place: str) -> httpx.Response:
        try:
            return (await self._http.get(place)).raise_for_status()
        except httpx.HTTPError as fault:
            raise ProviderAway from fault

    async def _post(self, place: str, told: Mapping[str, str]) -> httpx.Response:
        own = httpx.BasicAuth(self._relation.client, self._relation.secret)
        try:
            answer = await self._http.post(place, data=dict(told), auth=own)
        except httpx.HTTPError as fault:
            raise ProviderAway from fault
        if answer.is_server_error:
            raise ProviderAway
        return answer


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError as fault:
        raise ProviderAway from fault
    if not isinstance(told, dict):
        raise ProviderAway
    return told
