"""What citizens read: the words of `data/citizens.yaml`, checked when the service starts."""

from collections.abc import Mapping
from functools import cache

from services.concepts import written
from services.concepts.dated import load
from services.concepts.text import Text
from services.identification.model.citizens import Titles
from services.identification.model.persons import Group


class _File(written.Part):
    groups: dict[str, Text]


def name_groups(groups: Mapping[str, Text]) -> Titles:
    """What the groups are called; ValueError if some group has no words, or words no group."""
    if groups.keys() != Group.__members__.keys():
        raise ValueError("citizens.yaml and the groups of the contract differ")
    return {Group[name]: said for name, said in groups.items()}


@cache
def titles() -> Titles:
    """The words that the service comes with."""
    return name_groups(load("services.identification", "data/citizens.yaml", _File).groups)
