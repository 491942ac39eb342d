"""What a source knows about persons: from a folder of official answers, and from personas."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from cbss.common.v1 import status_pb2
from google.protobuf.message import Message

from sandbox.institutions.contracts import (
    HANDICAP,
    HANDICAP_SOURCES,
    LIVING_WAGE,
    LIVING_WAGE_PLACE,
    SOCIAL_STATUS,
    SOCIAL_STATUS_PLACE,
)
from sandbox.institutions.official import handicap, living_wage, social_status
from sandbox.institutions.official.envelope import Official, read

NOT_INTEGRATED = "MSG00021"
"""What the integrator says of a source that it did not ask; never a source of itself."""


@dataclass(frozen=True, slots=True)
class Known:
    """What one source answers about one person under one contract."""

    ssin: str
    place: str
    contract: str
    status: status_pb2.Status
    result: Message | None = None
    filtered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of official answers."""

    name: str
    contract: str
    content: Callable[[Element], Official]
    places: dict[str, str]
    """Where each source is, by its name; the one of a contract with one source has none."""


_PLACES = {source: place for place, source in HANDICAP_SOURCES.items()}
FOLDERS = (
    Folder("handicap", HANDICAP, handicap.content, _PLACES),
    Folder("living_wage", LIVING_WAGE, living_wage.content, {"": LIVING_WAGE_PLACE}),
    Folder("social_status", SOCIAL_STATUS, social_status.content, {"": SOCIAL_STATUS_PLACE}),
)


def official_answers(messages: Path) -> Iterator[Known]:
    """What the sources answer by the official answers: files named by a number are persons."""
    for folder in FOLDERS:
        for path in sorted((messages / folder.name).glob("*.xml")):
            if path.stem.isdecimal():
                yield from _known(path.stem, folder, read(path, folder.content))


def _known(ssin: str, folder: Folder, official: Official) -> Iterator[Known]:
    for one in official.results:
        # The name of the file decides who it is: content can name nobody, or another test person.
        yield Known(
            ssin,
            folder.places[one.source],
            folder.contract,
            one.status,
            one.result,
            official.filtered if one.result is not None else (),
        )


def registered(known: Known) -> bool:
    """Whether the source has the person in its files, be it only to say that there is nothing."""
    return known.status.code != NOT_INTEGRATED
