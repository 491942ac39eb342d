"""What sources answer about enterprises that nobody has, written as proto JSON in YAML."""

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from sandbox.institutions.errors import PersonaUnusable
from sandbox.institutions.known import Known
from sandbox.institutions.personas import Answer, Part, known_of
from services.concepts.enterprise_number import find_flaw
from services.concepts.lines import plain

SHIPPED = Path(str(files("sandbox.institutions"))) / "enterprises.yaml"


class _Enterprise(Part):
    cbe_number: Annotated[str, Field(pattern=r"^\d{10}$")]
    about: str
    answers: list[Answer]


class _Document(Part):
    enterprises: list[_Enterprise]


def enterprise_answers(path: Path = SHIPPED) -> Iterator[Known]:
    """What the sources answer about the enterprises of a file; PersonaUnusable if one is wrong."""
    try:
        document = _Document.model_validate(plain(path.read_text("utf-8"), aliases=True)[0])
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        raise PersonaUnusable(".".join(map(str, first["loc"]))) from None
    for n, one in enumerate(document.enterprises):
        if find_flaw(one.cbe_number) is not None:
            raise PersonaUnusable(f"enterprises.{n}.cbe_number")
        for m, answer in enumerate(one.answers):
            known = known_of("", answer, f"enterprises.{n}.answers.{m}")
            yield replace(known, cbe_number=one.cbe_number)
