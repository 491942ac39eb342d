"""`cbss bench`: the benchmarks of a checkout."""

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

HOW: dict[str, Any] = {
    "context_settings": {
        "allow_extra_args": True,
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,
    }
}
"""What follows the name is the benchmark's own, `--help` too."""


def bench(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Which benchmark of tests/bench, such as exchange.")],
) -> None:
    """Run a benchmark of the checkout; `--help` after its name says what it takes."""
    sys.path.insert(0, str(Path.cwd()))
    if not name.isidentifier() or not (Path.cwd() / "tests" / "bench" / f"{name}.py").is_file():
        typer.echo(f"there is no tests/bench/{name}.py below this folder", err=True)
        raise typer.Exit(2)
    importlib.import_module(f"tests.bench.{name}").main(context.args)
