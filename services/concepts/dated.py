"""Law as data: files that people review, and what of them holds on a Belgian calendar day.

Every such file is read in one way, into a form (pydantic), and refused whole, each fault with its
line. What holds from a day on is a `Dated` form; `Versions` of it is its whole history, without a
gap and without two versions on one day, or the process does not start.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, Generic, Protocol, Self, TypeVar, get_args

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from services.concepts import written
from services.concepts.lines import Unusable, line_of, plain
from services.concepts.problems import Problem

Form = TypeVar("Form", bound=BaseModel)
K = TypeVar("K", bound=Hashable)


class FileRefused(ValueError):
    """A file is not used, nor any part of it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class NothingInForce(LookupError):
    """Nothing holds on that day: the law begins later, or has ended."""


class Misdated(ValueError):
    """An entry of a list leaves a gap to the one before it, or holds on the same day."""

    def __init__(self, index: int, description: str) -> None:
        super().__init__(description)
        self.index = index


class Holds(Protocol):
    """Something that holds from a day on, until a last day or until the next."""

    @property
    def begins(self) -> date: ...

    @property
    def ends(self) -> date | None: ...


class Dated(written.Part):
    """A form of what holds from a day on."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    begins: Annotated[written.Day, Field(validation_alias=AliasChoices("from", "valid_from"))]
    ends: Annotated[
        written.Day | None, Field(validation_alias=AliasChoices("until", "valid_until"))
    ] = None
    source: written.Text

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.ends is not None and self.ends < self.begins:
            raise ValueError("must not end before it begins")
        return self


T = TypeVar("T", bound=Holds)


class Versions(Generic[T]):
    """All that ever held, one after the other. A form can have a field of this type."""

    __slots__ = ("all",)

    def __init__(self, entries: Iterable[T]) -> None:
        """Fails with Misdated if they leave a day out or hold two on one."""
        self.all = _succeeding(list(enumerate(entries)))

    def on(self, day: date) -> T:
        """What holds on a day; fails with NothingInForce."""
        found = self.find(day)
        if found is None:
            raise NothingInForce(f"nothing holds on {day}")
        return found

    def find(self, day: date) -> T | None:
        """What holds on a day, if anything does."""
        for one in reversed(self.all):
            if one.begins <= day:
                return one if one.ends is None or day <= one.ends else None
        return None

    def __iter__(self) -> Iterator[T]:
        return iter(self.all)

    def __bool__(self) -> bool:
        return bool(self.all)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        listed = handler.generate_schema(GenericAlias(tuple, (*get_args(source), ...)))
        return core_schema.no_info_after_validator_function(_some, listed)


def _some(entries: tuple[T, ...]) -> Versions[T]:
    if not entries:
        raise ValueError("must not be empty")
    return Versions(entries)


def histories(entries: Iterable[T], key: Callable[[T], K]) -> Mapping[K, Versions[T]]:
    """The history of each thing in a list, by what names it; fails with Misdated."""
    found: dict[K, list[tuple[int, T]]] = {}
    for at, one in enumerate(entries):
        found.setdefault(key(one), []).append((at, one))
    made: dict[K, Versions[T]] = {}
    for name, several in found.items():
        made[name] = Versions(())
        made[name].all = _succeeding(several)
    return made


def _succeeding(entries: Sequence[tuple[int, T]]) -> tuple[T, ...]:
    ordered = sorted(entries, key=lambda one: one[1].begins)
    for (_, before), (at, after) in pairwise(ordered):
        if after.begins == before.begins or (before.ends and after.begins <= before.ends):
            raise Misdated(at, f"holds on {after.begins}, when another does")
        if before.ends and after.begins > before.ends + timedelta(days=1):
            raise Misdated(at, f"must begin on {before.ends + timedelta(days=1)}: nothing holds")
    return tuple(one for _, one in ordered)


def load(package: str, file: str, form: type[Form]) -> Form:
    """The form of a file that a package ships; fails with FileRefused."""
    text = files(package).joinpath(file).read_text("utf-8")
    return parse(text, form, f"{package.replace('.', '/')}/{file}")


def read(path: Path, form: type[Form]) -> Form:
    """The form of a file that is given; fails with FileRefused."""
    return parse(text_of(path), form, str(path))


def read_with_lines(path: Path, form: type[Form]) -> tuple[Form, Mapping[str, int]]:
    """The same, with the line of each field."""
    return _parsed(text_of(path), form, str(path))


def text_of(path: Path) -> str:
    """What stands in a file; fails with FileRefused."""
    try:
        return path.read_text("utf-8")
    except OSError as fault:
        said = f"cannot be read: {fault.strerror}"
    except UnicodeDecodeError:
        said = "must be UTF-8"
    raise FileRefused([Problem("", said, 0, str(path))])


def parse(text: str, form: type[Form], file: str) -> Form:
    """The form of a text that stands in a file; fails with FileRefused."""
    return _parsed(text, form, file)[0]


def _parsed(text: str, form: type[Form], file: str) -> tuple[Form, Mapping[str, int]]:
    try:
        found, lines = plain(text)
    except Unusable as unusable:
        problem = Problem(unusable.field, unusable.description, unusable.line, file)
        raise FileRefused([problem]) from None
    try:
        return form.model_validate(found), lines
    except ValidationError as wrong:
        raise FileRefused(
            [Problem(field, said, line_of(lines, field), file) for field, said in faults_of(wrong)]
        ) from None


def faults_of(wrong: ValidationError) -> list[tuple[str, str]]:
    """Every field that is wrong in a written form, by its path, and what is expected."""
    return [
        (_path(fault["loc"], fault.get("ctx", {}).get("error")), _said(fault["msg"]))
        for fault in wrong.errors(include_url=False, include_input=False)
    ]


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _path(location: Iterable[str | int], fault: object) -> str:
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    entry = f"[{fault.index}]" if isinstance(fault, Misdated) else ""
    return f"{steps}{entry}".removeprefix(".")
