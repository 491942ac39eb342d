"""`cbss rights`: the law of the rights, for who reads it and for who changes it, by its own job;
and what it says of persons, asked through a mesh."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.granting import ask_rights
from cli.mesh import with_mesh
from cli.programs import run_program
from cli.values import parse_day

app = typer.Typer(
    help="Rights: the law in words, what changed, cases beside it; who has which.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
LawOption = Annotated[
    Path | None,
    typer.Option("--law", exists=True, file_okay=False, help="A folder of law; what is shipped."),
]
DraftOption = Annotated[
    Path | None,
    typer.Option("--draft", exists=True, file_okay=False, help="A folder of law to compare with."),
]
RightArgument = Annotated[str | None, typer.Argument(help="For example WATER_DISCOUNT; all.")]


def _study(law: Path | None, work: str, *arguments: str) -> None:
    where = () if law is None else ("--law", str(law.absolute()))
    run_program("services.rights.study", *where, work, *arguments)


def show(right: RightArgument = None, law: LawOption = None) -> None:
    """Say a right in words, all its versions; without a name, which rights there are."""
    _study(law, "show", *([right] if right else []))


def diff(right: RightArgument = None, draft: DraftOption = None, law: LawOption = None) -> None:
    """Say what changed from version to version, or between the law and a draft."""
    compared = () if draft is None else ("--draft", str(draft.absolute()))
    _study(law, "diff", *([right] if right else []), *compared)


def case(
    files: Annotated[
        list[Path] | None, typer.Argument(exists=True, dir_okay=False, help="Files of cases.")
    ] = None,
    law: LawOption = None,
) -> None:
    """Try cases on the law; without files, those that lie beside it."""
    _study(law, "case", *(str(path.absolute()) for path in files or ()))


def check(
    law: LawOption = None,
    on: Annotated[
        Any, typer.Option(parser=parse_day, metavar="DAY", help="The day of the release; today.")
    ] = None,
) -> None:
    """Say all that refuses a release of the law, with file and line."""
    _study(law, "check", *(("--on", on.isoformat()) if on else ()))


for _work in (show, diff, case, check):
    app.command()(_work)
app.command("ask")(with_mesh(ask_rights))
