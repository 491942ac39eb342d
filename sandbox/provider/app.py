"""The addresses of the provider."""

import secrets
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlencode

from markupsafe import escape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.provider.grants import Grants, Refused
from services.concepts.ssin import find_flaw

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in as a demo citizen</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>Sign in as a demo citizen</h1>
<p>This stands for the country's own sign-in. Nobody here is real.</p>
<form method="post"><ul>{people}</ul>
<p><label>Another mock number <input name="other" inputmode="numeric" autocomplete="off"></label>
<button>Sign in</button></p></form>
<form method="post"><button name="no" value="1">Do not sign in</button></form>
</main></body></html>"""


@dataclass(frozen=True)
class Provider:
    """Answers browsers and the portal."""

    grants: Grants
    redirect: str
    secret: str
    people: Mapping[str, str]
    """Who can be chosen: numbers, and a word about each."""

    def application(self) -> Starlette:
        """The provider as an ASGI application."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/jwks", self._keys),
                Route("/authorize", self._authorize, methods=["GET", "POST"]),
                Route("/token", self._token, methods=["POST"]),
                Route("/revoke", self._revoke, methods=["POST"]),
            ]
        )

    async def _configuration(self, _: Request) -> Response:
        here = self.grants.issuer
        return JSONResponse(
            {
                "issuer": here,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "revocation_endpoint": f"{here}/revoke",
                "jwks_uri": f"{here}/jwks",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.grants.key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        # Nobody is led anywhere else than was agreed, not even with an error.
        if asked.get("client_id") != self.grants.client or (
            asked.get("redirect_uri") != self.redirect
        ):
            return JSONResponse({"error": "invalid_request"}, 400)
        state = asked.get("state", "")
        if asked.get("response_type") != "code":
            return self._back(state, error="unsupported_response_type")
        if asked.get("code_challenge_method") != "S256" or len(asked["code_challenge"]) != 43:
            return self._back(state, error="invalid_request")
        if asked.get("resource", self.grants.audience) != self.grants.audience:
            return self._back(state, error="invalid_target")
        if request.method == "GET":
            return HTMLResponse(_PAGE.format(people=self._choices()))
        form = await request.form()
        person = str(form.get("person") or form.get("other") or "").strip()
        if find_flaw(person):
            return self._back(state, error="access_denied")
        code = self.grants.code(
            person, asked.get("nonce", ""), asked["code_challenge"], self.redirect
        )
        return self._back(state, code=code)

    async def _token(self, request: Request) -> Response:
        if not self._is_client(request):
            return JSONResponse({"error": "invalid_client"}, 401)
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            match form.get("grant_type"):
                case "authorization_code":
                    given = self.grants.redeem(
                        form.get("code", ""),
                        form.get("code_verifier", ""),
                        form.get("redirect_uri", ""),
                    )
                case "refresh_token":
                    given = self.grants.renew(form.get("refresh_token", ""))
                case _:
                    raise Refused("unsupported_grant_type")
        except Refused as refused:
            return JSONResponse({"error": str(refused)}, 400)
        return JSONResponse(given, headers={"cache-control": "no-store"})

    async def _revoke(self, request: Request) -> Response:
        if not self._is_client(request):
            return JSONResponse({"error": "invalid_client"}, 401)
        self.grants.revoke(str((await request.form()).get("token", "")))
        return JSONResponse({})

    def _back(self, state: str, **told: str) -> Response:
        query = urlencode({**told, "state": state, "iss": self.grants.issuer})
        return RedirectResponse(f"{self.redirect}?{query}", 303)

    def _choices(self) -> str:
        return "".join(
            f'<li><button name="person" value="{escape(number)}">{escape(number)}</button> '
            f"{escape(about)}</li>"
            for number, about in self.people.items()
        )

    def _is_client(self, request: Request) -> bool:
        scheme, _, told = request.headers.get("authorization", "").partition(" ")
        try:
            client, _, secret = b64decode(told, validate=True).decode().partition(":")
        except (Error, UnicodeDecodeError):
            return False
        same = secrets.compare_digest(unquote(secret).encode(), self.secret.encode())
        return scheme.lower() == "basic" and unquote(client) == self.grants.client and same
