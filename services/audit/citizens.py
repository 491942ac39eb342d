"""What citizens read: the words of `data/citizens.yaml`, checked when the service starts."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field

from services.audit.model import Stage
from services.concepts import written
from services.concepts.text import Text


class _File(written.Part):
    register_: str = Field(alias="register", pattern=r"^https://[^?#]+[^/?#]$")
    steps: Mapping[Stage, Text]
    contracts: Mapping[str, Text]


class Words:
    """The words, by what they are for."""

    def __init__(self, held: _File) -> None:
        self._register = held.register_
        self._steps = held.steps
        self._contracts = held.contracts

    def step(self, stage: Stage) -> Text:
        """What was done."""
        return self._steps[stage]

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
    held["steps"] = {Stage[name]: said for name, said in held["steps"].items()}
    if set(held["steps"]) != set(Stage):
        raise ValueError("citizens.yaml has no words for some stage")
    return Words(_File.model_validate(held))
