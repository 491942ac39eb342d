"""The form in which every benchmark reports, so that runs can be compared by a program."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import grpc
from rich.console import Console
from rich.table import Table

WIDTH = 120
"""Columns of the table, on a terminal and in a file alike: no figure is cut short."""


@dataclass(frozen=True)
class Figure:
    """One number, and if it means something, its ratio to another of the same run."""

    name: str
    value: float
    unit: str
    ratio_to: str | None = None
    ratio: float | None = None


def write(path: Path, figures: Sequence[Figure]) -> None:
    """Write the figures as JSON: an object with the list `figures`."""
    path.write_text(json.dumps({"figures": [asdict(figure) for figure in figures]}, indent=1))


def machine() -> str:
    """On what the figures were measured."""
    return (
        f"{os.cpu_count()} cores {platform.machine()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, grpcio {grpc.__version__}"
    )


def show(figures: Sequence[Figure]) -> None:
    """Print the machine and the figures as a table."""
    console = Console(width=WIDTH)
    console.print(machine())
    table = Table(box=None, padding=(0, 2))
    for heading in ("figure", "value", "unit", "ratio", "to"):
        table.add_column(
            heading, justify="right" if heading in ("value", "ratio") else "left", no_wrap=True
        )
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.value:,.0f}" if figure.value >= 1000 else f"{figure.value:,.2f}",
            figure.unit,
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            figure.ratio_to or "",
        )
    console.print(table)
