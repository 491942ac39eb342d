"""`cbss audit`: the log of the trail, proved by who does not trust it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from sandbox.credentials import Vault
from sandbox.servers.databases import dsn_files
from sandbox.state import DEFAULT, State
from services.audit.verify.__main__ import told
from services.audit.verify.whole import Store
from services.kit.tlog.notes import Verifier

app = typer.Typer(help="The log of the trail.", no_args_is_help=True)


@app.command()
def verify(
    state: Annotated[
        Path, typer.Option("--state", help="The folder that holds all state of this sandbox.")
    ] = DEFAULT,
    earlier: Annotated[
        list[Path] | None,
        typer.Option("--earlier", help="A checkpoint kept elsewhere; the log must begin with it."),
    ] = None,
    workers: Annotated[int, typer.Option(help="How many processes prove side by side.")] = (
        os.cpu_count() or 1
    ),
) -> None:
    """Prove every record against what was signed and cosigned; code 1 if anything is wrong.

    Needs no service of the mesh, only its database and the files of the log.
    """
    found = State.at(state)
    vault = Vault(found)
    store = Store(
        dsn_files(found.secrets)["audit"].owner.read_text().strip(),
        found.log,
        _public(vault, "log"),
        _public(vault, "witness"),
        earlier or [],
    )
    raise typer.Exit(0 if told(store, workers) else 1)


def _public(vault: Vault, name: str) -> Verifier:
    return Verifier.parse(vault.log_public_key(name).read_text())
