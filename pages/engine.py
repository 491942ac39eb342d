"""Jinja2, strict: everything is escaped, and what a template names and nobody gave is a fault."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **told: object) -> str:
    """A page."""
    return _environment().get_template(template).render(told)


def read_shipped(name: str) -> str:
    """A file that goes with the pages as it is: a style, a script."""
    return files("pages").joinpath("data", name).read_text("utf-8")
