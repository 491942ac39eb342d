"""What the edge judges of a call before it reads the message: whether it may be one at all.

Envoy's filter for access control does it. Each policy is named for the reason it refuses for, and
numbered, for the filter takes them in the order of their names.
"""

from collections.abc import Iterable, Sequence

from gateway import answers
from gateway.envoy import expressions as cel
from gateway.envoy.names import Config, extension
from gateway.limits import Limits

FORGED = "x-cbss-forged"
"""Holds what a client pretended to have been verified; cleared when it comes."""
OWN_ORIGIN = "x-cbss-origin"
"""Holds the origin that pages read here would have; cleared when it comes."""
IDENTITY = "x-forwarded-client-cert"
"""Where the gateway says whose certificate it has verified."""
DOCUMENT = "/openapi.json"
DESCRIPTORS = "/descriptors.binpb"
"""Where the contracts are published, as a set of descriptors that tools and registries take."""

_ANY = {"any": True}
_TYPES = r"(?i)[ \t]*application/(json|grpc(-web(-text)?)?(\+[a-z]+)?)[ \t]*(;.*)?"


def judging(limits: Limits, rpcs: Sequence[str], *, has_document: bool) -> Config:
    """The filter that refuses what cannot be a call of these RPCs."""
    documents = [_path(DOCUMENT), _path(DESCRIPTORS)] if has_document else []
    is_rpc = _any(_path(f"/{rpc}") for rpc in rpcs)
    policies = {
        answers.FORGED: _when(_header(FORGED, present_match=True)),
        answers.CERTIFICATE: _if(_certificate_exceeds(limits.certificate_bytes)),
        answers.HEADERS: _if(_headers_exceed(limits.header_bytes, limits.headers)),
        answers.PATH: _when(_not(_any([is_rpc, *documents]))),
        answers.METHOD: _when(
            _any(
                [
                    _all(is_rpc, _not(_method("POST"))),
                    *(_all(document, _not(_method("GET"))) for document in documents),
                ]
            )
        ),
        answers.QUERY: _when(_header(":path", string_match={"contains": "?"})),
        answers.ORIGIN: _if(_comes_from_elsewhere()),
        answers.CONTENT_TYPE: _when(
            _all(is_rpc, _not(_header("content-type", string_match=_regex(_TYPES))))
        ),
    }
    return extension(
        "envoy.filters.http.rbac",
        "envoy.extensions.filters.http.rbac.v3.RBAC",
        rules={
            "action": "DENY",
            "policies": {
                f"{place:02}-{answer.reason}": policies[answer]
                for place, answer in enumerate(answers.JUDGEMENTS)
            },
        },
    )


def _certificate_exceeds(most_bytes: int) -> cel.Term:
    longer = cel.greater(cel.size(cel.header(IDENTITY)), cel.number(most_bytes))
    return cel.both(cel.has_header(IDENTITY), longer)


def _headers_exceed(most_bytes: int, most: int) -> cel.Term:
    return cel.either(
        cel.greater(cel.request("total_size"), cel.number(most_bytes)),
        cel.greater(cel.size(cel.request("headers")), cel.number(most)),
    )


def _comes_from_elsewhere() -> cel.Term:
    """Browsers say where a page is from that makes a call; programs say nothing of the kind."""
    site, origin = "sec-fetch-site", "origin"
    of_a_page = cel.both(
        cel.has_header(site),
        cel.negate(cel.within(cel.header(site), cel.texts("same-origin", "none"))),
    )
    of_another_origin = cel.both(
        cel.has_header(origin), cel.differs(cel.header(origin), cel.header(OWN_ORIGIN))
    )
    return cel.either(of_a_page, of_another_origin)


def _when(permission: Config) -> Config:
    return {"permissions": [permission], "principals": [_ANY]}


def _if(condition: cel.Term) -> Config:
    return {**_when(_ANY), "condition": condition}


def _path(path: str) -> Config:
    # Without its query; what comes after it is judged for itself.
    return {"url_path": {"path": {"exact": path}}}


def _method(name: str) -> Config:
    return _header(":method", string_match={"exact": name})


def _header(header: str, **match: object) -> Config:
    return {"header": {"name": header, **match}}


def _regex(expression: str) -> Config:
    return {"safe_regex": {"regex": expression}}


def _not(permission: Config) -> Config:
    return {"not_rule": permission}


def _any(permissions: Iterable[Config]) -> Config:
    return {"or_rules": {"rules": list(permissions)}}


def _all(*permissions: Config) -> Config:
    return {"and_rules": {"rules": list(permissions)}}
