"""The hierarchies, as `data/hierarchies.yaml` says them, without gaps and overlaps."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Self

from pydantic import Field, model_validator

from services.coding.model import Hierarchies, Hierarchy, Intervals, Prefixes
from services.concepts import written
from services.concepts.dated import Dated, Misdated, load

_Bounds = Annotated[tuple[Annotated[int, Field(strict=True)], ...], written.SOME]
_Path = tuple[written.Text, ...]


class _Level(written.Part):
    level: written.Text
    bounds: _Bounds


class _Hierarchy(written.Part):
    name: written.Text
    about: written.Text
    open_below: bool = False
    intervals: tuple[_Level, ...] = ()
    prefix: int = 0
    levels: tuple[written.Text, ...] = ()
    paths: dict[str, _Path] = Field(default_factory=dict)
    otherwise: _Path = ()

    def made(self) -> Hierarchy:
        """The hierarchy that is written."""
        if self.intervals:
            bounds = {one.level: one.bounds for one in self.intervals}
            return Intervals(self.name, bounds, self.open_below)
        return Prefixes(self.name, self.levels, self.prefix, self.paths, self.otherwise)

    def flaws(self) -> Iterator[str]:
        """What is wrong with it."""
        if bool(self.intervals) == bool(self.paths):
            yield f"{self.name} must have intervals or paths"
        yield from self._of_intervals()
        yield from self._of_paths()

    def _of_intervals(self) -> Iterator[str]:
        for one in self.intervals:
            if any(a >= b for a, b in zip(one.bounds, one.bounds[1:], strict=False)):
                yield f"{self.name}: the bounds of {one.level} do not rise, so classes overlap"
        for fine, coarse in zip(self.intervals, self.intervals[1:], strict=False):
            if fine.bounds[0] != coarse.bounds[0]:
                yield f"{self.name}: {coarse.level} begins elsewhere than {fine.level}: a gap"
            if not set(coarse.bounds) <= set(fine.bounds):
                yield f"{self.name}: classes of {coarse.level} cut classes of {fine.level}"

    def _of_paths(self) -> Iterator[str]:
        every: Sequence[_Path] = [*self.paths.values(), *([self.otherwise] * bool(self.otherwise))]
        for code in self.paths:
            if len(code) != self.prefix:
                yield f"{self.name}: {code} has not {self.prefix} characters"
        if any(len(path) != len(self.levels) for path in every):
            yield f"{self.name}: a path leaves a level out: a gap"
            return
        for n, level in enumerate(self.levels[:-1]):
            above: dict[str, set[str]] = {}
            for path in every:
                above.setdefault(path[n], set()).add(path[n + 1])
            for one in sorted(one for one, classes in above.items() if len(classes) > 1):
                yield f"{self.name}: {one} of {level} lies in two classes of the next: an overlap"


class _File(Dated):
    reviewed_on: written.Day
    hierarchies: Annotated[tuple[_Hierarchy, ...], written.SOME]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = [one.name for one in self.hierarchies]
        for at, one in enumerate(self.hierarchies):
            if names.index(one.name) != at:
                raise Misdated(at, f"{one.name} is there twice")
            if flaws := [*one.flaws()]:
                raise Misdated(at, "; ".join(flaws))
        return self


@cache
def hierarchies() -> Hierarchies:
    """The hierarchies by name; a file with a flaw stops the process that needs it."""
    told = load("services.coding", "data/hierarchies.yaml", _File)
    return {one.name: one.made() for one in told.hierarchies}
