"""What citizens read: the words of `data/citizens.yaml`, checked when the service starts."""

from functools import cache
from typing import Self

from pydantic import Field, model_validator

from services.audit.trail.rules.telling import RESULTS, Deed, Result
from services.concepts import written
from services.concepts.dated import load
from services.concepts.text import Text


class _File(written.Part):
    register_: str = Field(alias="register", pattern=r"^https://[^?#]+[^/?#]$")
    steps: dict[str, dict[str, Text]]

    @model_validator(mode="after")
    def _of_every_deed(self) -> Self:
        needed = {
            deed.name: {result.name for result in results} for deed, results in RESULTS.items()
        }
        if {deed: set(results) for deed, results in self.steps.items()} != needed:
            raise ValueError("has not the words that are needed, of every deed")
        return self


class Words:
    """The words, by what they are for."""

    def __init__(self, held: _File) -> None:
        self._register = held.register_
        self._steps = held.steps

    def step(self, deed: Deed, result: Result) -> Text:
        """What was done, and what came of it."""
        return self._steps[deed.name][result.name]

    def deliberation(self, number: str) -> str:
        """Where a deliberation is published, in Dutch; nothing without one."""
        page = number.lower().replace("/", "-")
        return f"{self._register}/nl/{page}.html" if number else ""


@cache
def words() -> Words:
    """The words that the service comes with."""
    return Words(load("services.audit", "data/citizens.yaml", _File))
