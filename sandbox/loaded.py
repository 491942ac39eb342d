"""What the databases of a sandbox were given already: nothing is loaded twice.

What was loaded has lived on since: a person got another number, a deliberation was withdrawn. To
load it anew would collide with that, or undo it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.kit.files import replace_file


@dataclass(frozen=True, slots=True)
class Fresh:
    """What of some items is to be loaded."""

    new: frozenset[str]
    """The keys that were never loaded."""
    altered: frozenset[str]
    """The keys that were loaded with another content than they have now."""


class Loaded:
    """Keys and digests of what was loaded, by database; kept in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held = _read(path)

    def fresh(self, database: str, items: Mapping[str, str]) -> Fresh:
        """Which items, contents by key, this database was not given yet."""
        held = self._held.get(database, {})
        new = frozenset(key for key in items if key not in held)
        altered = {key for key, text in items.items() if key in held and held[key] != _digest(text)}
        return Fresh(new, frozenset(altered))

    def note(self, database: str, items: Mapping[str, str]) -> None:
        """Remember that a database was given these items."""
        held = self._held.setdefault(database, {})
        held.update({key: _digest(text) for key, text in items.items()})
        self._keep()

    def forget(self, databases: Iterable[str]) -> None:
        """Remember nothing of databases that were made anew."""
        for name in databases:
            self._held.pop(name, None)
        self._keep()

    def _keep(self) -> None:
        replace_file(self._path, json.dumps(self._held).encode(), mode=0o600)


def _read(path: Path) -> dict[str, dict[str, str]]:
    """What the file holds; nothing if there is none. One that is damaged is no reason to load
    everything again: ValueError."""
    if not path.exists():
        return {}
    held = json.loads(path.read_bytes())
    if not isinstance(held, dict) or not all(isinstance(keys, dict) for keys in held.values()):
        raise ValueError("is no list of what was loaded")
    return held


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
