"""A person as searches find it, made of what is known of the person."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.sex import Sex
from services.identification.model.persons import Group, Identity, Version
from services.identification.model.registering import Found, Home, Name
from services.identification.rules import spelling
from services.identification.rules.history import true_on

BELGIUM = "150"
LONGEST_NAME = 200
"""Letters that are kept to compare: streets of a register can be longer."""


def key_name(written: str) -> Name | None:
    """A name with its keys; nothing if it has no letters."""
    folded = spelling.folded(written)[:LONGEST_NAME].rstrip()
    return Name(folded, spelling.keys(folded)) if folded else None


def describe_person(bearer: Identity, known: Sequence[Version], day: date) -> Found:
    """The person as of a day: what is true then, and of the identity what was known before."""
    true = {version.given.group: version for version in true_on(known, day)}
    identity = _identity(bearer, true)
    last = key_name(identity.last_name)
    assert last is not None  # a person of the registers has a name with letters
    first = key_name(identity.first_names[0]) if identity.first_names else None
    decease = true.get(Group.DECEASE)
    died = None if decease is None else incomplete(decease.given.content.get("date"))
    return Found(identity, last, first, _home(true.get(Group.ADDRESS)), died)


def incomplete(held: Mapping[str, Any] | None) -> IncompleteDate | None:
    """The date in a group's content."""
    if not held or not held.get("year"):
        return None
    return IncompleteDate(held["year"], held.get("month", 0), held.get("day", 0))


def _identity(bearer: Identity, true: Mapping[Group, Version]) -> Identity:
    if Group.NAME in true:
        content, proof = true[Group.NAME].given.content, true[Group.NAME].proof
        names = tuple(content.get("first_names", ()))
        bearer = replace(bearer, last_name=content["last_name"], first_names=names, proof=proof)
    if Group.BIRTH in true:
        birth = incomplete(true[Group.BIRTH].given.content.get("date"))
        bearer = bearer if birth is None else replace(bearer, birth=birth)
    if Group.SEX in true:
        said = true[Group.SEX].given.content.get("sex", "").removeprefix("SEX_")
        bearer = replace(bearer, sex=Sex[said] if said in Sex.__members__ else None)
    return bearer


def _home(version: Version | None) -> Home | None:
    """Nothing for an address that must not be disclosed: whoever searches there finds nobody."""
    if version is None:
        return None
    address = version.given.content.get("address", {})
    streets = [one.get("text", "") for one in address.get("street_names", ())]
    street = key_name(streets[0]) if streets else None
    country = address.get("country_code") or BELGIUM
    if address.get("undisclosable") or street is None or not address.get("postal_code"):
        return None
    return Home(
        int(country),
        address["postal_code"],
        street,
        address.get("house_number", ""),
        address.get("box", ""),
    )
