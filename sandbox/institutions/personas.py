"""Mock persons of our own: who they are in which file, written as proto JSON in YAML."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import yaml
from google.protobuf import json_format
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.institutions.contracts import CONTRACTS
from sandbox.institutions.errors import PersonaUnusable
from sandbox.institutions.known import Known
from sandbox.institutions.official.envelope import outcome
from services.concepts.failures import InvalidArgument
from services.concepts.ssin import SsinKind, parse_ssin
from services.concepts.status import status_codes

SHIPPED = Path(str(files("sandbox.institutions"))) / "personas.yaml"

FOUND = "MSG00000"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Answer(_Part):
    place: Annotated[str, Field(pattern=r"^\d{1,3}\.\d{1,3}$")]
    contract: str
    code: str = FOUND
    result: dict[str, object] | None = None


class _Persona(_Part):
    ssin: Annotated[str, Field(pattern=r"^\d{11}$")]
    about: str
    answers: list[_Answer]


class _Document(_Part):
    personas: list[_Persona]


def persona_answers(path: Path = SHIPPED) -> Iterator[Known]:
    """What the sources answer about the personas of a file; PersonaUnusable names what is wrong."""
    try:
        document = _Document.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        raise PersonaUnusable(".".join(map(str, first["loc"]))) from None
    for n, persona in enumerate(document.personas):
        _require_mock(persona.ssin, f"personas.{n}.ssin")
        for m, answer in enumerate(persona.answers):
            yield _known(persona.ssin, answer, f"personas.{n}.answers.{m}")


def _require_mock(ssin: str, where: str) -> None:
    try:
        mock = parse_ssin(ssin).kind is SsinKind.MOCK
    except InvalidArgument:
        mock = False
    if not mock:
        raise PersonaUnusable(where)


def _known(ssin: str, answer: _Answer, where: str) -> Known:
    contract = CONTRACTS.get(answer.contract)
    found = answer.code == FOUND
    if (
        contract is None
        or answer.code not in status_codes()
        or found != (answer.result is not None)
    ):
        raise PersonaUnusable(where)
    status = outcome(answer.code)
    if answer.result is None:
        return Known(ssin, answer.place, answer.contract, status)
    result = contract.result()
    try:
        json_format.ParseDict(answer.result, result)
    except json_format.ParseError:
        raise PersonaUnusable(f"{where}.result") from None
    return Known(ssin, answer.place, answer.contract, status, result)
