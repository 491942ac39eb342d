"""The tree as the architecture tests read it: text and imports, never run."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

from services import mesh

ROOT = Path(__file__).resolve().parents[2]
SERVICES = mesh.process_named(mesh.of_kind(mesh.Kind.SERVICE))
SLICED = {"audit": ("trail", "log", "corrections", "decisions", "oversight", "retention")}
"""Services that have slices before layers, each slice with the layers that it needs."""
OURS = ("services", "gateway", "cli", "pages", "sandbox")


def sources(*folders: str) -> list[Path]:
    """The Python files below some folders of the project."""
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "gen" not in path.relative_to(ROOT).parts
    )


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, whole names, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    """The path from the root of the project."""
    return str(path.relative_to(ROOT))


def callers(service: str) -> dict[str, frozenset[str]]:
    """The literal table of who may call a service."""
    table: dict[str, frozenset[str]] = importlib.import_module(
        f"services.{service}.callers"
    ).CALLERS
    return table
