"""`cbss citizen card`: who wants to act as a citizen in a sandbox needs a card of it."""

from pathlib import Path
from typing import Annotated

import typer

from cli.failures import NoMesh, Nonsense
from cli.values import SsinArgument
from cli.words import say, say_json
from sandbox.credentials import Vault
from sandbox.state import DEFAULT, State
from services.concepts.ssin import SsinKind, parse_ssin


def card(
    ssin: SsinArgument,
    state: Annotated[Path, typer.Option("--state", help="The folder of the sandbox.")] = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Issue a card of the sandbox, good for this sandbox only, and say where its files are."""
    found = State.at(state)
    if not (found.certificates / "citizens-authority.key").exists():
        raise NoMesh("no mesh has been started here; `cbss up` founds the authorities")
    if parse_ssin(ssin).kind is not SsinKind.MOCK:
        raise Nonsense("not a mock number: everybody in the sandbox is nobody")
    files = Vault(found).citizen(ssin)
    if as_json:
        say_json({"certificate": str(files.certificate), "key": str(files.private_key)})
        return
    say(str(files.certificate))
    say(str(files.private_key))
