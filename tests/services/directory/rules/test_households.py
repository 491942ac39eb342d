"""Questions in the file of somebody else: both persons are integrated, or nothing is told."""

import pytest

from services.concepts.code_lists import code_lists
from services.concepts.organization import SectorInstitution
from services.directory.model import Holdings, QualityCode, Question
from services.directory.rules import locating
from services.directory.rules.catalogues import catalogue_of
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    FEDERAL,
    PERSON,
    TODAY,
    TRIAL,
    contract,
    dossier,
    organization,
    period,
    source,
)

MEMBER, MAIN = PERSON, ANOTHER
CATALOGUE = catalogue_of(
    Holdings({CENTRE: 1, FEDERAL: 2}, [organization(), source()], [contract()])
)
DAY = period("2026-11-24", "2026-11-24")


def known(member, main, in_file_of=MAIN, **ended):
    """The qualities that count, for a centre that knows the two persons in these."""
    dossiers = {
        MEMBER: [dossier(1, quality, **ended) for quality in member] + [dossier(2)],
        MAIN: [dossier(1, quality) for quality in main],
    }
    question = Question(MEMBER, CENTRE, TRIAL, DAY, in_file_of)
    found = locating.locate(question, CATALOGUE, dossiers, code_lists(), TODAY)
    return set(found.customer_quality_codes)


@pytest.mark.parametrize(
    ("member", "main", "counting"),
    [
        ([5], [2], {5}),
        ([5], [], set()),
        ([], [2], set()),
        ([5], [7], set()),
        ([2], [7], {2}),
        ([2, 5], [7], {2}),
        ([2], [], set()),
        ([2], [902], set()),
        ([902], [2], set()),
    ],
    ids=[
        "the cohabitant of a recipient",
        "a main person whom nobody integrated",
        "a member whom nobody integrated",
        "no cohabitant of somebody in debt mediation",
        "a client in the file of another client",
        "what is no member's quality counts by itself",
        "a client in the file of a stranger",
        "a main person with a provisional registration",
        "a member with a provisional registration",
    ],
)
def test_both_must_be_integrated_and_a_member_beside_the_main_person(member, main, counting):
    assert known(member, main) == counting


def test_in_the_own_file_a_members_quality_counts_by_itself():
    assert known([5], [], in_file_of=None) == {5}


def test_a_member_who_is_no_longer_integrated_does_not_count():
    assert known([5], [2], end="2021-12-31") == set()


def test_the_qualities_of_members_are_those_of_the_list():
    lists = code_lists()
    place = SectorInstitution(16, 0)

    assert lists.main_qualities(place, QualityCode(6)) == {5}
    assert lists.main_qualities(place, QualityCode(5)) == frozenset()
    assert lists.main_qualities(None, QualityCode(6)) == frozenset()
