"""`cbss deliberation test`: what jurists expect of deliberations, tried by access's own job."""

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from cli.failures import Nonsense
from cli.programs import run_program


def try_policy(
    proposed: Annotated[
        list[Path] | None, typer.Argument(exists=True, help="Files with the proposed change.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Where the tests are.")
    ] = None,
    deliberations: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="What is in force.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Run the policy tests against what is in force, with a proposed change if one is given."""
    run_program(
        "services.access.load.policy",
        *(str(path.absolute()) for path in proposed or ()),
        *("--policy", str((policy or _shipped("policy")).absolute())),
        *("--deliberations", str((deliberations or _shipped("deliberations")).absolute())),
        *(("--json",) if as_json else ()),
    )


def _shipped(folder: str) -> Path:
    """What the sandbox ships, where it is installed."""
    found = find_spec("sandbox")
    for place in (found.submodule_search_locations or ()) if found else ():
        return Path(place) / folder
    raise Nonsense("name the folders: --policy DIR --deliberations DIR")
