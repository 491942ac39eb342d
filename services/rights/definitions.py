"""The law, as the files of a folder say it: refused whole, each fault with its file and line."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from services.concepts.dated import FileRefused, read_with_lines
from services.concepts.problems import Problem
from services.rights.model.forms import FactsFile, ParametersFile, RightFile, StatusesFile
from services.rights.model.law import Law
from services.rights.rules import checks
from services.rights.rules.files import Files
from services.rights.rules.flatten import law_of

Form = TypeVar("Form", bound=BaseModel)
SHIPPED = Path(__file__).parent / "data"


@cache
def shipped_law() -> Law:
    """The law that is shipped; a fault in it stops the process that needs it."""
    return read(SHIPPED)


def read(folder: Path) -> Law:
    """The law of a folder; fails with FileRefused."""
    files = read_files(folder)
    if faults := checks.faults_of(files):
        raise FileRefused(faults)
    return law_of(files.facts, files.statuses, files.parameters, files.rights)


def release_faults(folder: Path, day: date) -> list[Problem]:
    """All that refuses a release on a day: what is wrong, and amounts that nobody looked at."""
    try:
        files = read_files(folder)
    except FileRefused as refused:
        return list(refused.problems)
    return [*checks.faults_of(files), *checks.stale(files, day)]


def read_files(folder: Path) -> Files:
    """The files of a folder, if all are shaped as they must be; fails with FileRefused."""
    reader = _Reader(folder)
    facts = reader.read("facts.yaml", FactsFile)
    statuses = reader.read("statuses.yaml", StatusesFile)
    parameters = reader.read("parameters.yaml", ParametersFile)
    names = sorted(f"rights/{path.name}" for path in (folder / "rights").glob("*.yaml"))
    rights = {name: reader.read(name, RightFile) for name in names}
    if reader.problems or facts is None or statuses is None or parameters is None:
        raise FileRefused(reader.problems)
    whole = {name: one for name, one in rights.items() if one is not None}
    return Files(facts, statuses, parameters, whole, reader.lines)


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.lines: dict[str, Mapping[str, int]] = {}

    def read(self, name: str, form: type[Form]) -> Form | None:
        """The form of a file; nothing if it is refused, which is noted."""
        try:
            found, self.lines[name] = read_with_lines(self.folder / name, form)
        except FileRefused as refused:
            self.problems += [
                Problem(one.field, one.description, one.line, name) for one in refused.problems
            ]
            return None
        return found
