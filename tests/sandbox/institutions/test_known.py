"""A source's trouble is that source's answer: no official answer keeps a sandbox from starting."""

import pytest

from sandbox.institutions.known import PLACES, official_answers, official_forms
from sandbox.institutions.registrations import registrations
from tests.sandbox.institutions.examples import DISABLED

UNREADABLE = {
    "an element nobody knows": "<r><Repliek><Nieuw/></Repliek></r>",
    "a text that is none": "<r><Repliek><Antwoorden/></Repliek></r>",
    "no reply": "<r/>",
    "no XML": "<r><Repliek>",
    "nothing": "",
    "an entity": '<!DOCTYPE r [<!ENTITY e "e">]><r><Repliek>&e;</Repliek></r>',
}
SOURCES = {
    form.folder: len(PLACES[form.contract])
    for form in official_forms()
    if form.folder in ("handicap", "living_wage", "social_status", "person", "family_composition")
}


@pytest.fixture
def messages(tmp_path):
    """Puts an official answer into a folder of its kind."""

    def put(kind, text, name=DISABLED):
        (tmp_path / kind).mkdir(exist_ok=True)
        (tmp_path / kind / f"{name}.xml").write_text(text, "utf-8")
        return tmp_path

    return put


@pytest.mark.parametrize("kind", sorted(SOURCES))
@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_the_sources_of_an_answer_that_cannot_be_read_fail(messages, kind, text):
    told = []

    answers = list(official_answers(messages(kind, text), told.append))

    assert {(one.ssin, one.status.code, one.result) for one in answers} == {
        (DISABLED, "SOURCE00001", None)
    }
    assert len(answers) == SOURCES[kind]
    (line,) = told
    assert line.startswith(f"{kind}: file 1 of 1 by name: ")
    assert DISABLED not in line


def test_a_file_that_is_not_named_by_a_number_of_a_person_is_about_nobody(messages):
    told = []
    messages("handicap", "<r/>", "12345678901")
    folder = messages("handicap", "<r/>", "README")

    assert list(official_answers(folder, told.append)) == []
    assert told == ["handicap: the name of a file is no identification number"]


def test_a_person_whose_answer_cannot_be_read_is_registered_all_the_same(messages):
    listed = registrations(messages("living_wage", "<r/>", "99600000470"))

    assert {one.place for one in listed if one.ssin == "99600000470"} == {"16.2"}
