"""Where a log keeps its tiles and its notes: by name, in a folder or in whatever does the same."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from services.kit.files import replace_file


class Outrun(Exception):
    """What should have been replaced is not what was read: somebody else wrote it meanwhile."""


class Storage(Protocol):
    """Objects by names such as `tile/0/x001/234`; a folder is what names begin with."""

    def read(self, name: str) -> bytes | None:
        """What is there under a name; nothing if nothing is."""

    def names(self, folder: str) -> Sequence[str]:
        """What is directly in a folder, by the last part of its name."""

    def write(self, objects: Mapping[str, bytes]) -> None:
        """Put objects under their names, durable when this returns."""

    def replace(self, name: str, before: bytes | None, after: bytes) -> None:
        """Put one in the place of what was read there, durable when this returns; or Outrun."""

    def remove(self, folders: Sequence[str]) -> None:
        """Remove folders with all that is in them; none of them need be there."""

    def close(self) -> None:
        """Give up what is open for it."""


@dataclass(frozen=True)
class FolderStorage:
    """A folder of files that anybody may read, by the names of the objects."""

    path: Path

    def read(self, name: str) -> bytes | None:
        """What is there under a name; nothing if nothing is."""
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            return None

    def names(self, folder: str) -> Sequence[str]:
        """What is directly in a folder, by the last part of its name."""
        try:
            return [one.name for one in (self.path / folder).iterdir()]
        except FileNotFoundError:
            return []

    def write(self, objects: Mapping[str, bytes]) -> None:
        """Put objects under their names, durable when this returns."""
        for name, content in objects.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, content)

    def replace(self, name: str, before: bytes | None, after: bytes) -> None:
        """Put one in the place of what was read there; or Outrun.

        Files cannot be compared and replaced in one step. Between the two of them somebody else may
        write, on a folder that several machines share: there a database is the better storage.
        """
        if self.read(name) != before:
            raise Outrun
        self.write({name: after})

    def remove(self, folders: Sequence[str]) -> None:
        """Remove folders with all that is in them; none of them need be there."""
        for folder in folders:
            shutil.rmtree(self.path / folder, ignore_errors=True)

    def close(self) -> None:
        """Nothing is open between two calls."""
