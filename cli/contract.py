"""`cbss contract`: what a data contract can carry of an official schema."""

from pathlib import Path
from typing import Annotated

import typer

from cli.failures import Refusal
from cli.words import say, say_json
from services.official.coverage import measure, read_schema
from services.official.errors import MarkupUnreadable, SchemaUnusable
from services.official.forms import forms

app = typer.Typer(
    help="Data contracts, held against official schemas.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def contract() -> None:
    """Data contracts, held against official schemas."""


@app.command()
def coverage(
    schema: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="The schema, XSD, of an answer.")
    ],
    data_contract: Annotated[
        str, typer.Argument(metavar="CONTRACT", help="The data contract, for example HANDICAP.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Walk an official schema, and say which of its leaves have no place in a contract. Code 1 if
    any has none."""
    form = forms().get(data_contract)
    if form is None:
        raise Refusal(f"no official form is read for {data_contract}: one of {', '.join(forms())}")
    try:
        found = measure(read_schema(schema), form)
    except (SchemaUnusable, MarkupUnreadable) as fault:
        raise Refusal(str(fault)) from None
    if as_json:
        say_json({"leaves": len(found.held) + len(found.lost), "lost": list(found.lost)})
    else:
        for leaf in found.lost:
            say(f"no place: {leaf}")
        leaves = len(found.held) + len(found.lost)
        say(f"{data_contract}: {len(found.held)} of {leaves} leaves have a place")
    if found.lost:
        raise typer.Exit(1)
