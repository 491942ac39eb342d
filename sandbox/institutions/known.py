"""What a source knows about persons: from a folder of official answers, and from personas."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cbss.common.v1 import information_pb2, status_pb2
from google.protobuf.message import Message

from sandbox.institutions.contracts import (
    DMFA,
    EMPLOYMENT_RELATIONS,
    FAMILY_COMPOSITION,
    FLANDERS,
    HANDICAP,
    HANDICAP_PAYMENTS,
    HANDICAP_SOURCES,
    LEGAL_PERSON_DATA,
    LIVING_WAGE,
    LIVING_WAGE_PLACE,
    NATIONAL_REGISTER,
    NSSO,
    SECONDARY_REGISTRATION,
    SELF_EMPLOYED,
    SELF_EMPLOYED_CAREER,
    SOCIAL_STATUS,
    SOCIAL_STATUS_PLACE,
    TAX_ASSESSMENT,
    TAXES,
)
from services.concepts.failures import InvalidArgument
from services.concepts.ssin import parse_ssin
from services.official.envelope import Official, read
from services.official.errors import Unreadable
from services.official.forms import Form, forms
from services.official.outcomes import make_failure

UNREADABLE = "SOURCE00001"
"""The sources' own code where their files cannot be read."""

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
    information: information_pb2.InformationSupplier | None = None
    """The source's own ticket and times, if it told them; else they are those of the call."""

    @property
    def subject(self) -> str:
        """Whom or what it is about, by its number."""
        return self.ssin or self.cbe_number


PLACES: Mapping[str, Mapping[str, str]] = {
    HANDICAP: {source: place for place, source in HANDICAP_SOURCES.items()},
    LIVING_WAGE: {"": LIVING_WAGE_PLACE},
    SOCIAL_STATUS: {"": SOCIAL_STATUS_PLACE},
    LEGAL_PERSON_DATA: {"": NATIONAL_REGISTER},
    FAMILY_COMPOSITION: {"": NATIONAL_REGISTER},
    HANDICAP_PAYMENTS: {source: place for place, source in HANDICAP_SOURCES.items()},
    EMPLOYMENT_RELATIONS: {"": NSSO},
    DMFA: {"": NSSO},
    SELF_EMPLOYED_CAREER: {"": SELF_EMPLOYED},
    TAX_ASSESSMENT: {"": TAXES},
    SECONDARY_REGISTRATION: {"": FLANDERS},
}
"""Where each source of official answers is, by its name; the one of a contract with one source has
none."""


def official_forms() -> tuple[Form, ...]:
    """The forms of the contracts that are answered here."""
    return tuple(form for contract, form in forms().items() if contract in PLACES)


def official_answers(messages: Path, tell: Callable[[str], None] = silent) -> Iterator[Known]:
    """What the sources answer by the official answers: files named by a number are persons.

    A file that cannot be read is told, without whom it is about, and its sources answer that they
    fail: what one of them says keeps nobody else from starting.
    """
    for form in official_forms():
        paths = sorted((messages / form.folder).glob("*.xml"))
        for place, path in enumerate(paths, 1):
            if _is_number(path.stem):
                # The name of the file is a person's number: its place among the others is told.
                where = f"{form.folder}: file {place} of {len(paths)} by name"
                yield from _answers(path, form, partial(_tell, tell, where))
            elif path.stem.isdecimal():
                tell(f"{form.folder}: the name of a file is no identification number")


def _tell(tell: Callable[[str], None], where: str, what: str) -> None:
    tell(f"{where}: {what}")


def _is_number(text: str) -> bool:
    try:
        return parse_ssin(text).digits == text
    except InvalidArgument:
        return False


def _answers(path: Path, form: Form, tell: Callable[[str], None]) -> list[Known]:
    places = PLACES[form.contract]
    try:
        known = list(_known(path.stem, form, read(path.read_bytes(), form), tell))
    except Exception as fault:
        # Whatever is wrong with it: of our own failures the message names places, never a value.
        where = str(fault) if isinstance(fault, Unreadable) else type(fault).__name__
        tell(f"an answer cannot be read, its sources fail. {where}")
        failed = make_failure(UNREADABLE, "The file on the person cannot be read")
        known = [Known(path.stem, place, form.contract, failed) for place in places.values()]
    return known


def _known(
    ssin: str, form: Form, official: Official, tell: Callable[[str], None]
) -> Iterator[Known]:
    places = PLACES[form.contract]
    for one in official.results:
        for element in one.elements:
            tell(f"the contract has no place for an element. At: {element}")
        if one.source not in places:
            tell(f"no source is known as {one.source}")
            continue
        # The name of the file decides who it is: content can name nobody, or another test person.
        yield Known(
            ssin,
            places[one.source],
            form.contract,
            one.status,
            one.result,
            official.filtered if one.result is not None else (),
            one.left,
            information=one.information,
        )


def is_registered(known: Known) -> bool:
    """Whether the source has the person in its files, be it only to say that there is nothing."""
    return known.status.code != NOT_INTEGRATED
