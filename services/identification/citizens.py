"""What citizens read: the words of `data/citizens.yaml`, checked when the service starts."""

from functools import cache
from importlib.resources import files

import yaml

from services.concepts import written
from services.concepts.text import Text
from services.identification.model.citizens import Titles
from services.identification.model.persons import Group


class _File(written.Part):
    groups: dict[str, Text]


def parsed(held: object) -> Titles:
    """What the groups are called; ValueError if some group has no words, or words no group."""
    groups = _File.model_validate(held).groups
    if groups.keys() != Group.__members__.keys():
        raise ValueError("citizens.yaml and the groups of the contract differ")
    return {Group[name]: said for name, said in groups.items()}


@cache
def titles() -> Titles:
    """The words that the service comes with."""
    text = files("services.identification").joinpath("data/citizens.yaml").read_text("utf-8")
    return parsed(yaml.safe_load(text))
