"""The organizations of the simulated country, as `data/organizations.yaml` lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from services.concepts import written
from services.concepts.dated import load


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization: its short name here, what it is, and where it is in the network."""

    name: str
    title: str
    cbe_number: str
    place: str | None = None
    manages: tuple[str, ...] = ()
    supplies: bool = False
    """Whether it is an authentic source, which a process simulates."""
    attaches: bool = False
    """Whether it calls the mesh to be asked, for it is behind a firewall."""
    expects: tuple[Mapping[str, Any], ...] = ()
    """The volumes that it announced, as the onboarding record has them."""
    web_names: tuple[str, ...] = ()
    """Under which names it is on the web."""
    kind: str = ""
    """What it is, for general deliberations."""


class _File(written.Part):
    organizations: Annotated[tuple[Organization, ...], written.SOME]


@cache
def organizations() -> dict[str, Organization]:
    """All organizations by short name."""
    listed = load("sandbox", "data/organizations.yaml", _File).organizations
    return {one.name: one for one in listed}


def at_place(place: str) -> Organization:
    """The one organization at a place of the network where there is only one."""
    (found,) = [one for one in organizations().values() if one.place == place]
    return found
