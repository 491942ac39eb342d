"""Legal person data on the wire: groups out of a message, and into one."""

from collections.abc import Iterable
from typing import Any

from cbss.data.v1 import legal_person_data_pb2 as data_pb
from google.protobuf.json_format import MessageToDict, ParseDict
from google.type import date_pb2

from services.concepts.failures import invalid
from services.concepts.incomplete_date import IncompleteDate
from services.identification.model.persons import Given, Group, Version
from services.identification.rules.spelling import folded
from services.identification.wire import particulars

FIELDS = {
    Group.NAME: "name",
    Group.BIRTH: "birth",
    Group.DECEASE: "decease",
    Group.SEX: "sex",
    Group.CIVIL_STATE: "civil_state",
    Group.NATIONALITY: "nationalities",
    Group.ADDRESS: "main_address",
    Group.CONTACT_ADDRESS: "contact_address",
}
"""The groups that somebody can give, with their fields in `cbss.data.v1.LegalPersonData`."""
LARGEST = 8 * 1024
"""The most that the data of one person may take, in bytes."""
LONGEST_TEXT = 256
LONGEST_NAME = 48
MOST_FIRST_NAMES = 3
MOST_NATIONALITIES = 10


def decode_groups(person: data_pb.LegalPersonData, *, field: str = "person") -> tuple[Given, ...]:
    """The groups that a message holds; fails naming the field that cannot be used."""
    if person.ByteSize() > LARGEST:
        raise invalid(field, f"must be at most {LARGEST} bytes")
    if person.HasField("registration"):
        raise invalid(f"{field}.registration", "cannot be given")
    if len(person.name.last_name) > LONGEST_NAME:
        raise invalid(f"{field}.name.last_name", f"must be at most {LONGEST_NAME} characters")
    if person.name.last_name and not folded(person.name.last_name):
        raise invalid(f"{field}.name.last_name", "must have letters")
    if len(person.name.first_names) > MOST_FIRST_NAMES:
        raise invalid(f"{field}.name.first_names", f"must be at most {MOST_FIRST_NAMES}")
    if len(person.nationalities) > MOST_NATIONALITIES:
        raise invalid(f"{field}.nationalities", f"must be at most {MOST_NATIONALITIES}")
    held = MessageToDict(person, preserving_proto_field_name=True)
    _bounded(held, field)
    return tuple(
        Given(group, _content(group, held[name]), _since(group, person, field))
        for group, name in FIELDS.items()
        if name in held
    )


def _content(group: Group, held: Any) -> dict[str, Any]:
    if group is Group.SEX:
        return {"sex": held}
    return {"nationalities": held} if group is Group.NATIONALITY else held


def _since(group: Group, person: data_pb.LegalPersonData, field: str) -> IncompleteDate | None:
    """From when the group is so; fails if a date in it cannot be."""
    path = f"{field}.{FIELDS[group]}"
    match group:
        case Group.NAME | Group.CIVIL_STATE | Group.ADDRESS:
            since = getattr(person, FIELDS[group]).since
        case Group.BIRTH | Group.DECEASE:
            since, path = getattr(person, FIELDS[group]).date, f"{path}.date"
        case Group.NATIONALITY:
            days = [
                particulars.decode_incomplete_date(one.since, field=f"{path}[{n}].since")
                for n, one in enumerate(person.nationalities)
            ]
            return max((day for day in days if day is not None), default=None)
        case _:
            since = date_pb2.Date()
    named = path if path.endswith(".date") else f"{path}.since"
    return particulars.decode_incomplete_date(since, field=named)


def _bounded(held: Any, path: str) -> None:
    """Every text is short and printable, every code of a country or municipality is one."""
    match held:
        case dict():
            for name, value in held.items():
                _bounded(value, f"{path}.{name}")
        case list():
            for at, value in enumerate(held):
                _bounded(value, f"{path}[{at}]")
        case str():
            if len(held) > LONGEST_TEXT or not held.isprintable():
                raise invalid(path, f"must be at most {LONGEST_TEXT} printable characters")
            digits = {"country_code": 3, "municipality_code": 5, "city_code": 5}
            length = digits.get(path.rpartition(".")[2])
            if length is not None and not (
                len(held) == length and held.isascii() and held.isdigit()
            ):
                raise invalid(path, f"must be {length} digits")


def encode_person(versions: Iterable[Version]) -> data_pb.LegalPersonData:
    """The message that holds these groups."""
    held: dict[str, Any] = {}
    for version in versions:
        content = version.given.content
        match version.given.group:
            case Group.SEX | Group.NATIONALITY:
                held.update(content)
            case Group.REGISTER:
                held["registration"] = content
            case group:
                held[FIELDS[group]] = content
    # What an earlier release kept may have fields that this one does not know.
    return ParseDict(held, data_pb.LegalPersonData(), ignore_unknown_fields=True)
