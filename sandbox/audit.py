"""`cbss audit`: the log of the trail, proved by who does not trust it, and looked through."""

import asyncio
import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sandbox import alerts
from sandbox.credentials import Vault
from sandbox.servers.databases import dsn_files
from sandbox.state import DEFAULT, State
from services.audit.log.verification.promises import PromiseFiles
from services.audit.log.verification.signatures import Signatures
from services.audit.log.verification.whole import Store
from services.audit.oversight.__main__ import looked, reported
from services.audit.oversight.onboarding import estimates
from services.audit.trail.month_names import numbered
from services.audit.verify.__main__ import told
from services.audit.verify.duties import beside
from services.kit.tlog.notes import Verifier
from services.witness.memory import Memory

app = typer.Typer(help="The log of the trail.", no_args_is_help=True)
app.command()(alerts.alerts)
app.command()(alerts.answer)
app.command()(alerts.unanswered)
app.command()(alerts.answers)

StateOption = Annotated[
    Path, typer.Option("--state", help="The folder that holds all state of this sandbox.")
]


class Language(StrEnum):
    """The languages of explanations."""

    NL = "nl"
    FR = "fr"
    DE = "de"


@app.command()
def verify(
    state: StateOption = DEFAULT,
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
    log = _public(vault, "log")
    witness = str(Memory(found.witness).path(log.name).absolute())
    signatures = Signatures(found.log, log, _public(vault, "witness"), earlier or [], witness)
    promises = PromiseFiles(found.promises, _public(vault, "promises"))
    dsn = dsn_files(found.secrets)["audit"].owner.read_text().strip()
    store = Store(
        dsn=dsn,
        signatures=signatures,
        subject_keys=vault.subject_keys,
        beside=beside([_onboarding(state)]),
        promises=promises,
    )
    raise typer.Exit(0 if told(store, workers) else 1)


@app.command()
def report(
    month: Annotated[int, typer.Option("--month", parser=numbered, help="Such as 2026-11.")],
    organization: Annotated[
        str, typer.Option("--organization", help="The enterprise number of one; else all.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of text.")] = False,
    state: StateOption = DEFAULT,
) -> None:
    """How each institution used the network in a month: counts, and no person.

    Reads the whole month; that it was read is in the trail.
    """
    dsn, keys = _entered(state)
    typer.echo(asyncio.run(reported(dsn, keys, month, organization, as_json=as_json)))


@app.command()
def misuse(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"])],
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Not included.")],
    onboarding: Annotated[
        Path | None,
        typer.Option(
            "--onboarding",
            exists=True,
            help="The file with the volumes announced; by default the one that was loaded.",
        ),
    ] = None,
    language: Annotated[Language, typer.Option(help="Of the explanations.")] = Language.NL,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON instead of text.")] = False,
    state: StateOption = DEFAULT,
) -> None:
    """What the rules of services/audit/data/misuse.yaml find in days that are over.

    Every alert is laid before the officer of the institution that it is for; here is only told how
    many there were.
    """
    dsn, keys = _entered(state)
    period = (first.date(), until.date())
    said = None if as_json else language.value
    expected = estimates((onboarding or _onboarding(state)).read_text("utf-8"))
    typer.echo(asyncio.run(looked(dsn, keys, period, expected, said)))


def _entered(state: Path) -> tuple[str, Path]:
    """Where the trail is, as its service enters it, and the keys that hide persons."""
    found = State.at(state)
    dsn = dsn_files(found.secrets)["audit"].service.read_text().strip()
    return dsn, Vault(found).subject_keys


def _onboarding(state: Path) -> Path:
    """What this sandbox admitted its organizations with."""
    return State.at(state).seed / "organizations.yaml"


def _public(vault: Vault, name: str) -> Verifier:
    return Verifier.parse(vault.log_public_key(name).read_text())
