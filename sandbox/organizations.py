"""The organizations of the simulated country, as `data/organizations.yaml` lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization: its short name here, what it is, and where it is in the network."""

    name: str
    title: str
    cbe_number: str
    place: str | None
    manages: tuple[str, ...]
    supplies: bool
    """Whether it is an authentic source, which a process simulates."""
    expects: tuple[Mapping[str, Any], ...] = ()
    """The volumes that it announced, as the onboarding record has them."""
    web_names: tuple[str, ...] = ()
    """Under which names it is on the web."""
    kind: str = ""
    """What it is, for general deliberations."""


@cache
def organizations() -> dict[str, Organization]:
    """All organizations by short name."""
    text = files("sandbox").joinpath("data/organizations.yaml").read_text("utf-8")
    listed = [
        Organization(
            plain["name"],
            plain["title"],
            plain["cbe_number"],
            plain.get("place"),
            tuple(plain.get("manages", ())),
            plain.get("supplies", False),
            tuple(plain.get("expects", ())),
            tuple(plain.get("web_names", ())),
            plain.get("kind", ""),
        )
        for plain in yaml.safe_load(text)["organizations"]
    ]
    return {one.name: one for one in listed}


def at_place(place: str) -> Organization:
    """The one organization at a place of the network where there is only one."""
    (found,) = [one for one in organizations().values() if one.place == place]
    return found
