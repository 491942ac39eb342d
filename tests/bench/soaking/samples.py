"""What a process has at an instant: memory of its own, open files, sessions with the database."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from statistics import linear_regression

import psutil

from sandbox.country import Country

Line = list[tuple[float, float]]
"""Seconds since the begin, and how much there was."""

_SESSION = re.compile(r"^postgres: (\w+) \w+ [\d.]+\(\d+\)")
"""How PostgreSQL names the process of a session: whose it is, and in which database."""


@dataclass(frozen=True)
class Kind:
    """Something that could grow."""

    name: str
    unit: str
    share: float
    least: float

    def noise(self, value: float) -> float:
        """By how much it may rise over the whole of a run without having grown."""
        return max(self.least, self.share * value)


KINDS = (
    Kind("memory", "MiB", 0.05, 4.0),
    Kind("files", "open", 0.05, 3.0),
    Kind("sessions", "open", 0.0, 1.0),
)


class Samples:
    """All that was seen of a country."""

    def __init__(self, country: Country) -> None:
        self._country = country
        self._lines: dict[str, dict[str, Line]] = {kind.name: defaultdict(list) for kind in KINDS}

    def take(self, at: float) -> None:
        """Look at every process once."""
        for name in self._country.processes.names():
            with suppress(psutil.Error):
                family = _family(self._country.processes.pid(name))
                self._add("memory", name, at, sum(map(_own_memory, family)) / 1024**2)
                self._add("files", name, at, sum(one.num_fds() for one in family))
                if name == "postgres":
                    self._add_sessions(at, family)

    def lines(self, kind: Kind) -> Mapping[str, Sequence[tuple[float, float]]]:
        """How much there was of a kind, by process."""
        return self._lines[kind.name]

    def _add_sessions(self, at: float, family: Sequence[psutil.Process]) -> None:
        titles = (_SESSION.match(" ".join(one.cmdline())) for one in family)
        counted = Counter(title[1] for title in titles if title)
        for whose in counted.keys() | self._lines["sessions"].keys():
            self._add("sessions", whose, at, counted[whose])

    def _add(self, kind: str, name: str, at: float, value: float) -> None:
        self._lines[kind][name].append((at, value))


def settled_after(seconds: float) -> float:
    """Seconds after which nothing may grow: ten minutes of an hour."""
    return seconds / 6


def rise(line: Sequence[tuple[float, float]]) -> float:
    """By how much a line fitted through what was seen rises, from the first to the last."""
    if len(line) < 3:
        return 0.0
    at, values = zip(*line, strict=True)
    return linear_regression(at, values).slope * (at[-1] - at[0])


def _family(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def _own_memory(process: psutil.Process) -> int:
    return int(process.memory_full_info().uss)
