"""The statuses, as `data/statuses.yaml` defines them."""

from datetime import date
from importlib.resources import files
from typing import Any

import yaml

from services.buffer.model import Definitions, StatusDefinition


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
    text = files("services.buffer").joinpath("data/statuses.yaml").read_text("utf-8")
    return frozenset(yaml.safe_load(text)["fact_types"])
