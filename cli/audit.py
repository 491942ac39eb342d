"""`cbss audit`: the trail's log, proved by who does not trust it, and looked through."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import alerts
from cli.mesh import Mesh, check_readable, with_mesh
from cli.programs import registry_archive, run_program
from cli.values import check_order, parse_day, parse_month

app = typer.Typer(help="The log of the trail.", no_args_is_help=True, rich_markup_mode=None)
OVERSIGHT = "services.audit.oversight"


class Language(StrEnum):
    """The languages of explanations."""

    NL = "nl"
    FR = "fr"
    DE = "de"


def verify(
    mesh: Mesh,
    earlier: Annotated[
        list[Path] | None,
        typer.Option(
            "--earlier",
            exists=True,
            dir_okay=False,
            help="A checkpoint kept elsewhere; the log must begin with it.",
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, help="How many processes prove side by side.")
    ] = os.cpu_count() or 1,
) -> None:
    """Prove every record against what was signed and cosigned; code 1 if anything is wrong.

    Needs no service of the mesh, only its database and the files of the log.
    """
    trail = mesh.trail()
    with registry_archive(trail) as archive:
        run_program(
            "services.audit.verify",
            *("--dsn-file", str(trail.owner_dsn_file)),
            *(("--log", str(trail.log)) if trail.log else ()),
            *("--key", str(trail.log_key)),
            *("--witness-key", str(trail.witness_key), "--witness", trail.witness),
            *("--subject-keys", str(trail.subject_keys)),
            *("--registry", str(archive)),
            *("--promises", str(trail.promises), "--promises-key", str(trail.promises_key)),
            *(part for path in earlier or () for part in ("--earlier", str(path))),
            *("--workers", str(workers)),
            lines_as_json=mesh.as_json,
        )


def report(
    mesh: Mesh,
    month: Annotated[
        str, typer.Option("--month", parser=parse_month, metavar="MONTH", help="Such as 2026-11.")
    ],
    organization: Annotated[
        str,
        typer.Option("--organization", help="Of one, by name or enterprise number; else of all."),
    ] = "",
) -> None:
    """How each institution used the network in a month: counts, and no person.

    Reads the whole month; that it was read is in the trail.
    """
    number = mesh.organization(organization).cbe_number if organization else ""
    with registry_archive(mesh.trail()) as archive:
        run_program(
            OVERSIGHT,
            *("report", "--month", month, "--organization", number),
            *("--registry", str(archive)),
            *(("--json",) if mesh.as_json else ()),
            settings=_settings(mesh),
        )


def misuse(
    mesh: Mesh,
    first: Annotated[
        Any, typer.Option("--from", parser=parse_day, metavar="DAY", help="The first day.")
    ],
    until: Annotated[
        Any, typer.Option("--until", parser=parse_day, metavar="DAY", help="Not included.")
    ],
    language: Annotated[Language, typer.Option(help="Of the explanations.")] = Language.NL,
) -> None:
    """What the rules of services/audit/data/misuse.yaml find in days that are over.

    Every alert is laid before the officer of the institution that it is for; here is only told how
    many there were.
    """
    check_order(first, until)
    with registry_archive(mesh.trail()) as archive:
        run_program(
            OVERSIGHT,
            *("misuse", "--from", str(first), "--until", str(until)),
            *("--registry", str(archive)),
            *("--language", language.value),
            *(("--json",) if mesh.as_json else ()),
            settings=_settings(mesh),
        )


def _settings(mesh: Mesh) -> dict[str, str]:
    trail = mesh.trail()
    for path in (trail.dsn_file, trail.subject_keys):
        check_readable(path)
    return {
        "DATABASE_DSN_FILE": str(trail.dsn_file),
        "SUBJECT_KEYS_FILE": str(trail.subject_keys),
    }


for _work in (
    *(verify, report, misuse),
    *(alerts.alerts, alerts.answer, alerts.unanswered, alerts.answers),
):
    app.command()(with_mesh(_work))
