"""The nouns of searching: what is looked for, and who may be meant."""

from dataclasses import dataclass

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin
from services.identification.model.persons import Identity


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that was noticed, in the codes of the identification service."""

    code: str
    field: str
    description: str


@dataclass(frozen=True, slots=True)
class Phonetic:
    """A person by sound, as asked. `tolerance` is absent when it was not told."""

    last_name: str
    first_name: str
    middle_name: str
    birth: IncompleteDate | None
    tolerance: int | None
    sex: Sex | None


@dataclass(frozen=True, slots=True)
class AddressCriteria:
    """Where a person lives, as asked."""

    country_code: str
    postal_code: str
    street_name: str
    house_number: str
    box: str


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: by a number, by sound, by address. `ssin` absent means not by number."""

    ssin: Ssin | None
    phonetic: Phonetic | None
    address: AddressCriteria | None
    maximum: int


@dataclass(frozen=True, slots=True)
class Window:
    """The days of birth that count, as yyyymmdd: a range, and incomplete dates that may fit."""

    first: int
    last: int
    incomplete: tuple[int, ...]
    exact: int


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name that somebody bears, folded."""

    name_id: int
    folded: str


@dataclass(frozen=True, slots=True)
class Likely:
    """Names that may be meant, each with how alike it is, 0 to 1; the likeliest first."""

    scores: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may be meant, and how likely, 0 to 100. `replaces` is the number that was searched."""

    identity: Identity
    score: int
    replaces: Ssin | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, the likeliest first, and whether there is more."""

    candidates: tuple[Candidate, ...]
    more_exist: bool = False
