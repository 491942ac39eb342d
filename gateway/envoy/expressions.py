"""Expressions (CEL) as Envoy's access control takes them: parsed already, as a tree."""

from gateway.envoy.names import Config

Term = Config


def number(value: int) -> Term:
    """A whole number."""
    return {"const_expr": {"int64_value": str(value)}}


def text(value: str) -> Term:
    """A text."""
    return {"const_expr": {"string_value": value}}


def texts(*values: str) -> Term:
    """A list of texts."""
    return {"list_expr": {"elements": [text(value) for value in values]}}


def request(attribute: str) -> Term:
    """An attribute of the request."""
    return {"select_expr": {"operand": {"ident_expr": {"name": "request"}}, "field": attribute}}


def header(name: str) -> Term:
    """The value of a header that is there."""
    return _call("_[_]", request("headers"), text(name))


def has_header(name: str) -> Term:
    """Whether a header is there."""
    return within(text(name), request("headers"))


def within(element: Term, held: Term) -> Term:
    """Whether a list or the keys of a map hold something."""
    return _call("@in", element, held)


def size(held: Term) -> Term:
    """How long a text is, or how many elements are held."""
    return _call("size", held)


def greater(left: Term, right: Term) -> Term:
    """Whether the left is greater."""
    return _call("_>_", left, right)


def differs(left: Term, right: Term) -> Term:
    """Whether the two are not equal."""
    return _call("_!=_", left, right)


def both(left: Term, right: Term) -> Term:
    """Whether both hold; the right is not looked at if the left does not."""
    return _call("_&&_", left, right)


def either(left: Term, right: Term) -> Term:
    """Whether one of the two holds."""
    return _call("_||_", left, right)


def negate(term: Term) -> Term:
    """Whether it does not hold."""
    return _call("!_", term)


def _call(function: str, *arguments: Term) -> Term:
    return {"call_expr": {"function": function, "args": list(arguments)}}
