"""What a deliberation says of the values with which may be asked, and whether criteria keep to it.

A limit names a field of the criteria message of a data contract, by its path. Whatever stands above
it in the path must be given too, and in a list every element keeps to it: criteria that leave out
what is limited ask for more, not for less. Source: regulation (EU) 2016/679, article 5 (purpose
limitation, data minimisation).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

CRITERIA_NOT_COVERED = "CRITERIA_NOT_COVERED"
"""Why an exchange ends whose criteria do not keep to their limits: for the trail."""
Message = Any
"""A message of a data contract, known by its descriptor alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionLimit:
    """One field of the criteria and what may stand there: one of the values, or a number between
    two bounds, or, where it says neither, nothing at all."""

    field: str
    values: tuple[str, ...] = ()
    """Texts and numbers as they are written, `true` and `false`, names of enum values."""
    minimum: int | None = None
    maximum: int | None = None

    @property
    def forbids(self) -> bool:
        """Whether the field must be left out."""
        return not self.values and self.minimum is None and self.maximum is None

    def __str__(self) -> str:
        if self.forbids:
            return f"{self.field} left out"
        if self.values:
            return f"{self.field} {' or '.join(self.values)}"
        least = "" if self.minimum is None else f" from {self.minimum}"
        most = "" if self.maximum is None else f" up to {self.maximum}"
        return f"{self.field}{least}{most}"


def find_outside(limits: Iterable[CriterionLimit], criteria: Message | None) -> str | None:
    """The path of the first field that keeps to no limit; none if all do. Criteria that are absent
    hold nothing."""
    return next((one.field for one in limits if not _keeps(one, criteria)), None)


def _keeps(limit: CriterionLimit, criteria: Message | None) -> bool:
    if criteria is None:
        return limit.forbids
    found = list(_found(criteria, limit.field.split(".")))
    if limit.forbids:
        return all(value is None for value in found)
    return bool(found) and all(_allows(limit, value) for value in found)


def _found(message: Message, path: list[str]) -> Iterator[str | int | float | None]:
    """Every value at the path, as it is written; None for each place where nothing stands."""
    name, *below = path
    field = message.DESCRIPTOR.fields_by_name.get(name)
    given = [] if field is None else _given(message, field)
    if not given:
        yield None
    for value in given:
        if below:
            yield from _found(value, below)
        else:
            yield _written(field, value)


def _given(message: Message, field: Any) -> list[Any]:
    value = getattr(message, field.name)
    if field.is_repeated:
        return list(value)
    # Where the wire cannot tell zero from nothing, nothing was given.
    given = message.HasField(field.name) if field.has_presence else value != field.default_value
    return [value] if given else []


def _written(field: Any, value: Any) -> str | int | float:
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        return str(value) if known is None else str(known.name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | str):
        return value
    return ""


def _allows(limit: CriterionLimit, value: str | int | float | None) -> bool:
    if value is None:
        return False
    if limit.values:
        return str(value) in limit.values
    if isinstance(value, str):
        return False
    least, most = limit.minimum, limit.maximum
    return (least is None or value >= least) and (most is None or value <= most)
