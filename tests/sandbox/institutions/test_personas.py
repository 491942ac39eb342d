"""The personas of the project, what is refused in a file of them, and who is registered where."""

import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from google.protobuf.message import Message

from sandbox import seed
from sandbox.institutions.errors import PersonaUnusable, PlaceUnknown
from sandbox.institutions.known import official_answers
from sandbox.institutions.personas import SHIPPED, people, persona_answers
from sandbox.institutions.registrations import Registration, quality, registrations
from services.concepts.ssin import SsinKind, parse_ssin
from tests.sandbox.institutions.examples import DISABLED, MOTHER
from tests.support import reference

LIVING = "67722499797"


def known(ssin, place, contract):
    (found,) = [
        one
        for one in persona_answers()
        if (one.ssin, one.place, one.contract) == (ssin, place, contract)
    ]
    return found


def test_every_persona_has_a_mock_number():
    numbers = {one.ssin for one in persona_answers()}

    assert len(numbers) >= 10
    assert {parse_ssin(number).kind for number in numbers} == {SsinKind.MOCK}


def test_nobody_has_two_answers_at_one_source_under_one_contract():
    keys = [(one.ssin, one.place, one.contract) for one in persona_answers()]

    assert len(set(keys)) == len(keys)


def test_the_disabled_persona_has_every_part_that_can_be_cut():
    result = known(DISABLED, "16.0", "HANDICAP").result

    assert {field.name for field, _ in result.ListFields()} == set(result.DESCRIPTOR.fields_by_name)


@pytest.mark.parametrize(
    ("ssin", "place", "contract"),
    [
        (MOTHER, "16.0", "HANDICAP"),
        (MOTHER, "37.0", "HANDICAP"),
        (LIVING, "16.2", "LIVING_WAGE"),
        (MOTHER, "0.0", "FAMILY_COMPOSITION"),
        (MOTHER, "0.0", "LEGAL_PERSON_DATA"),
    ],
)
def test_the_personas_of_the_story_are_known(ssin, place, contract):
    assert known(ssin, place, contract).result is not None


def test_members_of_a_household_are_told_the_same():
    households = [one.result for one in persona_answers() if one.contract == "FAMILY_COMPOSITION"]

    told = {household.reference_person_ssin: household for household in households}
    assert all(told[one.reference_person_ssin] == one for one in households)


def names(message):
    """Every name in an answer, with the number it stands beside if there is one."""
    found = []
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                found += names(one)
    fields = message.DESCRIPTOR.fields_by_name
    if "ssin" in fields and "name" in fields and message.ssin:
        found.append((message.ssin, message.name.last_name, tuple(message.name.first_names)))
    return found


def test_everybody_is_called_the_same_everywhere():
    told = {}
    for one in persona_answers():
        if one.contract == "LEGAL_PERSON_DATA":
            told.setdefault(one.ssin, set()).add(
                (one.result.name.last_name, tuple(one.result.name.first_names))
            )
        for ssin, last, firsts in names(one.result) if one.result is not None else ():
            told.setdefault(ssin, set()).add((last, firsts))
    for line in map(json.loads, seed.persons(registrations(None)).values()):
        if "last_name" in line:
            name = line["last_name"], tuple(line["first_names"])
            told.setdefault(line["ssin"], set()).add(name)
    file = known(DISABLED, "16.0", "HANDICAP").result.address_handicapped_person

    assert len(told) >= 10
    assert all(len(each) == 1 for each in told.values())
    assert told[DISABLED] == {(file.last_name, (file.first_name,))}
    assert told["73610801655"] == {("Lambert", ("Chantal",))}


def test_every_persona_is_known_to_the_national_register():
    assert {one.ssin for one in persona_answers()} == people().keys()


def test_a_living_wage_that_goes_on_is_told_of_this_year_too():
    later = [
        one.result.years
        for one in persona_answers(today=date(2031, 5, 1))
        if one.ssin == MOTHER and one.contract == "LIVING_WAGE"
    ]

    assert [year.year for year in later[0]] == list(range(2023, 2032))


@pytest.mark.parametrize(
    ("persona", "where"),
    [
        ({"ssin": "93051822361"}, "personas.0.ssin"),
        ({"ssin": "71713000319"}, "personas.0.ssin"),
        ({"answers": [{"place": "16", "contract": "HANDICAP"}]}, "personas.0.answers.0.place"),
        ({"answers": [{"place": "16.0", "contract": "HANDICAP"}]}, "personas.0.answers.0"),
        (
            {"answers": [{"place": "16.0", "contract": "PENSION", "code": "MSG00100"}]},
            "personas.0.answers.0",
        ),
        (
            {"answers": [{"place": "16.0", "contract": "HANDICAP", "code": "MSG1"}]},
            "personas.0.answers.0",
        ),
        (
            {"answers": [{"place": "16.0", "contract": "HANDICAP", "result": {"age": 3}}]},
            "personas.0.answers.0.result",
        ),
    ],
)
def test_a_persona_that_is_written_wrongly_is_refused(tmp_path, persona, where):
    path = tmp_path / "personas.yaml"
    whole = {"ssin": DISABLED, "about": "somebody", "answers": []} | persona
    path.write_text(yaml.safe_dump({"personas": [whole]}), "utf-8")

    with pytest.raises(PersonaUnusable) as refused:
        list(persona_answers(path))

    assert str(refused.value).endswith(f": {where}")


def test_registrations_follow_the_personas():
    listed = registrations(None)

    assert Registration(MOTHER, "37.0", "000", "HANDICAP") in listed
    assert Registration(DISABLED, "16.0", "001", "HANDICAP") in listed
    assert len(listed) == len(list(persona_answers()))


def test_registrations_fit_the_contracts():
    folder = Path(str(files("services.registry"))) / "data" / "contracts"
    offered = {}
    for path in folder.glob("*.yaml"):
        contract = yaml.safe_load(path.read_text("utf-8"))["data_contract"]
        for supplier in contract["suppliers"]:
            offered[contract["code"], supplier["sector_institution"]] = supplier.get(
                "quality_codes", ()
            )

    for one in registrations(None):
        assert one.quality_code in offered[one.contract, one.place]


def test_a_place_that_no_contract_lists_has_no_quality():
    with pytest.raises(PlaceUnknown):
        quality("HANDICAP", "99.9")


def test_registrations_follow_the_official_answers():
    messages = reference.folder() / "messages"

    listed = registrations(messages, SHIPPED)

    answers = list(official_answers(messages))
    people = {path.stem for path in (messages / "handicap").glob("[0-9]*.xml")}
    assert people <= {one.ssin for one in listed if one.place == "16.0"}
    assert Registration("91610100176", "16.2", "000", "LIVING_WAGE") in listed
    assert Registration("06691087347", "25.0", "000", "SOCIAL_STATUS") in listed
    unaware = {one.ssin for one in answers if one.status.code == "MSG00021"}
    assert unaware
    assert not unaware & {one.ssin for one in listed if one.place in ("37.0", "45.0", "69.1")}
