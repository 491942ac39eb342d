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
from sandbox.institutions.errors import Unusable
from sandbox.institutions.official import handicap, living_wage, social_status
from sandbox.institutions.official.envelope import UNREADABLE, Official, failure, read
from services.concepts.failures import InvalidArgument
from services.concepts.ssin import parse_ssin

NOT_INTEGRATED = "MSG00021"
"""What the integrator says of a source that it did not ask; never a source of itself."""


def silent(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Known:
    """What one source answers about one person, or one enterprise, under one contract."""

    ssin: str
    place: str
    contract: str
    status: status_pb2.Status
    result: Message | None = None
    filtered: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    """What the source has and this version of the contract cannot carry."""
    cbe_number: str = ""
    """The enterprise that it is about, if it is about no person."""

    @property
    def subject(self) -> str:
        """Whom or what it is about, by its number."""
        return self.ssin or self.cbe_number


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


def official_answers(messages: Path, tell: Callable[[str], None] = silent) -> Iterator[Known]:
    """What the sources answer by the official answers: files named by a number are persons.

    A file that cannot be read is told, without whom it is about, and its sources answer that they
    fail: what one of them says keeps nobody else from starting.
    """
    for folder in FOLDERS:
        for path in sorted((messages / folder.name).glob("*.xml")):
            if _is_number(path.stem):
                yield from _answers(path, folder, tell)
            elif path.stem.isdecimal():
                tell(f"{folder.name}: the name of a file is no identification number")


def _is_number(text: str) -> bool:
    try:
        return parse_ssin(text).digits == text
    except InvalidArgument:
        return False


def _answers(path: Path, folder: Folder, tell: Callable[[str], None]) -> list[Known]:
    try:
        return list(_known(path.stem, folder, read(path, folder.content)))
    except Exception as fault:
        # Whatever is wrong with it: of our own failures the message names places, never a value.
        where = str(fault) if isinstance(fault, Unusable) else type(fault).__name__
        tell(f"{folder.name}: an answer cannot be read, its sources fail. {where}")
        failed = failure(UNREADABLE, "The file on the person cannot be read")
        return [
            Known(path.stem, place, folder.contract, failed) for place in folder.places.values()
        ]


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


def is_registered(known: Known) -> bool:
    """Whether the source has the person in its files, be it only to say that there is nothing."""
    return known.status.code != NOT_INTEGRATED
