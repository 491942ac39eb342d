"""Whose word it takes to be a citizen."""

import pytest

from services.concepts.citizen import Citizen, find_citizen
from services.concepts.ssin import parse_ssin

PERSON = parse_ssin("71713000318")


@pytest.mark.parametrize(
    ("citizen", "authorities", "found"),
    [
        (Citizen(PERSON, "CN=Citizens"), {"CN=Citizens"}, PERSON),
        (Citizen(PERSON, "CN=Others"), {"CN=Citizens"}, None),
        (Citizen(None, "CN=Citizens"), {"CN=Citizens"}, None),
        (Citizen(PERSON, ""), set(), None),
    ],
)
def test_a_citizen_is_known_on_the_word_of_the_authority_alone(citizen, authorities, found):
    assert find_citizen(citizen, authorities) == found
