"""The form in which every benchmark reports, so that runs can be compared by a program."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import grpc


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
