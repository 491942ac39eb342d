"""Mock persons of our own: who they are in which file, written as proto JSON in YAML."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from cbss.data.v1.family_composition_pb2 import FamilyComposition
from cbss.data.v1.handicap_pb2 import HandicapFile
from cbss.data.v1.legal_person_data_pb2 import LegalPersonData
from cbss.data.v1.living_wage_pb2 import LivingWageAmounts
from google.protobuf import json_format
from google.protobuf.message import Message
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sandbox.institutions.contracts import CONTRACTS
from sandbox.institutions.errors import PersonaUnusable
from sandbox.institutions.known import Known
from services.concepts.failures import InvalidArgument
from services.concepts.lines import plain
from services.concepts.ssin import SsinKind, parse_ssin
from services.concepts.status import status_codes
from services.kit.clock import belgian_day, utc_now
from services.official.outcomes import make_outcome

SHIPPED = Path(str(files("sandbox.institutions"))) / "personas.yaml"

FOUND = "MSG00000"


class Part(BaseModel):
    """Part of a file of answers: nothing in it that is not described."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Answer(Part):
    """What one source answers under one contract."""

    place: Annotated[str, Field(pattern=r"^\d{1,3}\.\d{1,3}$")]
    contract: str
    code: str = FOUND
    ongoing: bool = False
    result: dict[str, object] | None = None
    unsupported: list[str] = []


class _Persona(Part):
    ssin: Annotated[str, Field(pattern=r"^\d{11}$")]
    about: str
    answers: list[Answer]


class _Document(Part):
    personas: list[_Persona]


def known_people(path: Path = SHIPPED) -> dict[str, str]:
    """Who there is in a file: the numbers of its personas, and a word about each."""
    document = _Document.model_validate(plain(path.read_text("utf-8"), aliases=True)[0])
    return {one.ssin: one.about for one in document.personas}


def persona_answers(path: Path = SHIPPED, today: date | None = None) -> Iterator[Known]:
    """What the sources answer about the personas of a file; PersonaUnusable names what is wrong."""
    today = today or belgian_day(utc_now())
    try:
        document = _Document.model_validate(plain(path.read_text("utf-8"), aliases=True)[0])
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        raise PersonaUnusable(".".join(map(str, first["loc"]))) from None
    told = []
    for n, persona in enumerate(document.personas):
        _require_mock(persona.ssin, f"personas.{n}.ssin")
        for m, answer in enumerate(persona.answers):
            where = f"personas.{n}.answers.{m}"
            known = known_of(persona.ssin, answer, where)
            told.append((where, known))
            if answer.ongoing and isinstance(known.result, LivingWageAmounts):
                _continue(known.result, today.year)
    people = _people(known for _, known in told)
    for where, known in told:
        _name(known.result, known.ssin, people, where)
        yield known


def people(path: Path = SHIPPED) -> dict[str, LegalPersonData]:
    """Who the personas are, by number: what the National Register says."""
    return _people(persona_answers(path))


def _people(told: Iterable[Known]) -> dict[str, LegalPersonData]:
    return {one.ssin: one.result for one in told if isinstance(one.result, LegalPersonData)}


def _name(
    result: Message | None, ssin: str, people: Mapping[str, LegalPersonData], where: str
) -> None:
    """Fill in who the persons of an answer are; nobody has a name of his own there."""
    if isinstance(result, HandicapFile) and result.HasField("address_handicapped_person"):
        address, who = result.address_handicapped_person, people.get(ssin)
        if address.last_name or address.first_name or who is None:
            raise PersonaUnusable(f"{where}.result.addressHandicappedPerson")
        address.last_name = who.name.last_name
        address.first_name = next(iter(who.name.first_names), "")
    if isinstance(result, FamilyComposition):
        for at, member in enumerate(result.members):
            who = people.get(member.ssin)
            if member.HasField("name") or who is None:
                raise PersonaUnusable(f"{where}.result.members.{at}")
            member.name.CopyFrom(who.name)
            member.birth_date.CopyFrom(who.birth.date)
            member.sex = who.sex


def _continue(amounts: LivingWageAmounts, until: int) -> None:
    """Repeat the last year up to another: whoever has a living wage has it still."""
    last = amounts.years[-1]
    for year in range(last.year + 1, until + 1):
        added = amounts.years.add()
        added.CopyFrom(last)
        added.ClearField("months")
        added.year = added.total.year = year
        added.total.months_without_allowance = 0


def _require_mock(ssin: str, where: str) -> None:
    try:
        mock = parse_ssin(ssin).kind is SsinKind.MOCK
    except InvalidArgument:
        mock = False
    if not mock:
        raise PersonaUnusable(where)


def known_of(ssin: str, answer: Answer, where: str) -> Known:
    """What a written answer tells; PersonaUnusable with where it stands if it is none."""
    contract = CONTRACTS.get(answer.contract)
    found = answer.code == FOUND
    if (
        contract is None
        or answer.code not in status_codes()
        or found != (answer.result is not None)
    ):
        raise PersonaUnusable(where)
    status = make_outcome(answer.code)
    if answer.result is None:
        return Known(ssin, answer.place, answer.contract, status)
    result = contract.result()
    try:
        json_format.ParseDict(answer.result, result)
    except json_format.ParseError:
        raise PersonaUnusable(f"{where}.result") from None
    unsupported = tuple(answer.unsupported)
    return Known(ssin, answer.place, answer.contract, status, result, unsupported=unsupported)
