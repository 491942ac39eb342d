"""What citizens read: the words of `data/citizens.yaml`, checked when the service starts."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field

from services.audit.trail.rules.telling import RESULTS, Deed, Result
from services.concepts import written
from services.concepts.text import Text


class _File(written.Part):
    register_: str = Field(alias="register", pattern=r"^https://[^?#]+[^/?#]$")
    steps: Mapping[Deed, Mapping[Result, Text]]
    contracts: Mapping[str, Text]


class Words:
    """The words, by what they are for."""

    def __init__(self, held: _File) -> None:
        self._register = held.register_
        self._steps = held.steps
        self._contracts = held.contracts

    def step(self, deed: Deed, result: Result) -> Text:
        """What was done, and what came of it."""
        return self._steps[deed][result]

    def contract(self, code: str) -> Text:
        """What kind of data; the code itself where there are no words."""
        return self._contracts.get(code, Text(code, code, code))

    def deliberation(self, number: str) -> str:
        """Where a deliberation is published, in Dutch; nothing without one."""
        page = number.lower().replace("/", "-")
        return f"{self._register}/nl/{page}.html" if number else ""


@cache
def words() -> Words:
    """The words that the service comes with."""
    held = yaml.safe_load(files("services.audit").joinpath("data/citizens.yaml").read_text("utf-8"))
    held["steps"] = {
        Deed[deed]: {Result[name]: said for name, said in results.items()}
        for deed, results in held["steps"].items()
    }
    if {deed: frozenset(results) for deed, results in held["steps"].items()} != dict(RESULTS):
        raise ValueError("citizens.yaml has not the words that are needed, of every deed")
    return Words(_File.model_validate(held))
