"""Jobs that load files into a database: each file as a whole, or refused as a whole."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import structlog

from services.concepts.failures import invalid
from services.concepts.problems import Problem
from services.kit import logs
from services.kit.settings import OwnerSettings, load

T = TypeVar("T")
log = structlog.get_logger()


def parse_line(line: str | bytes) -> Any:
    """The JSON value of a line; fails as any wrong field does, however deep or wide it is."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise invalid("line", "is no JSON") from None


def read(
    path: Path, lines: Callable[[Iterable[bytes]], tuple[T, list[Problem]]]
) -> tuple[T | None, list[Problem]]:
    """What the lines of a file say, and everything that is wrong with them."""
    try:
        with path.open("rb") as file:
            return lines(file)
    except OSError as fault:
        return None, [Problem("", f"cannot be read: {fault.strerror}", 0)]


def refuse(path: Path, problems: Sequence[Problem]) -> bool:
    """Tell why a file is not loaded; that it is not."""
    for problem in problems:
        log.error(
            "refused",
            file=path.name,
            line=problem.line,
            field=problem.field,
            problem=problem.description,
        )
    return False


def command(
    service: str,
    about: str,
    load_files: Callable[[str, Sequence[Path]], Coroutine[Any, Any, bool]],
) -> None:
    """Load the files of the command line as the database's owner; ends with 1 if one is refused."""
    parser = argparse.ArgumentParser(
        prog=f"services.{service}.load",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service=service)
    if not asyncio.run(load_files(settings.database_owner_dsn, arguments.files)):
        sys.exit(1)
