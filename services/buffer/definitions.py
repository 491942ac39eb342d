"""The statuses, as `data/statuses.yaml` defines them."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from services.buffer.model import Definitions, StatusDefinition
from services.concepts.organization import SectorInstitution
from services.concepts.written import parse_place


def definitions(on: date) -> Definitions:
    """The statuses in force on a day; a malformed file stops the process that needs it."""
    text = files("services.buffer").joinpath("data/statuses.yaml").read_text("utf-8")
    held: dict[str, Any] = yaml.safe_load(text)
    known = frozenset(held["fact_types"])
    found: dict[str, StatusDefinition] = {}
    for plain in held["statuses"]:
        begin, end = plain["valid_from"], plain.get("valid_until")
        any_of = frozenset(plain["any_of"])
        if not plain["source"] or not any_of or not any_of <= known:
            raise ValueError(f"{plain['name']} lacks a source or is made of unknown facts")
        if begin <= on and (end is None or on <= end):
            if plain["name"] in found:
                raise ValueError(f"{plain['name']} is defined twice for one day")
            found[plain["name"]] = StatusDefinition(plain["name"], any_of)
    return found


def fact_types() -> frozenset[str]:
    """The kinds of facts that may be kept."""
    return frozenset(_sources())


def sources(fact_type: str) -> frozenset[SectorInstitution]:
    """Which sources may feed a kind of fact, each its own; none if it is not kept."""
    return _sources().get(fact_type, frozenset())


@cache
def _sources() -> Mapping[str, frozenset[SectorInstitution]]:
    text = files("services.buffer").joinpath("data/statuses.yaml").read_text("utf-8")
    found = {
        name: frozenset(parse_place(place) for place in plain["sources"])
        for name, plain in yaml.safe_load(text)["fact_types"].items()
    }
    for name, places in found.items():
        if not places:
            raise ValueError(f"{name} has no source")
    return found
