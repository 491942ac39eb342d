"""Which days of birth count, and who comes first: as tables."""

import pytest

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.ssin import Ssin
from services.identification.model.persons import Identity, Register
from services.identification.model.searches import Candidate, NameForm, Phonetic
from services.identification.rules.searching import likely, rank, window

WINDOWS = [
    ((1982, 4, 9), 0, (19820409, 19820409), (19820000, 19820400)),
    ((1982, 4, 9), 10, (19820330, 19820419), (19820000, 19820300, 19820400)),
    ((1982, 1, 5), 10, (19811226, 19820115), (19810000, 19811200, 19820000, 19820100)),
    ((1983, 2, 30), 0, (19830228, 19830230), (19830000, 19830200)),
    ((1982, 4, 0), 2, (19820200, 19820631), (19820000,)),
    ((1982, 12, 0), 2, (19821000, 19830231), (19820000, 19830000)),
    ((1982, 0, 0), 1, (19810000, 19831231), ()),
]


@pytest.mark.parametrize(("birth", "tolerance", "days", "incomplete"), WINDOWS)
def test_the_unit_of_the_tolerance_follows_the_date(birth, tolerance, days, incomplete):
    found = window(IncompleteDate(*birth), tolerance)

    assert (found.first, found.last) == days
    assert found.incomplete == incomplete


def test_the_likeliest_names_come_first_and_others_not_at_all():
    forms = [NameForm(1, "PETERS"), NameForm(2, "PEETERS"), NameForm(3, "JANSSENS")]

    assert [name for name, _ in likely("PEETERS", forms).scores] == [2, 1]


def candidate(number, score, *first_names):
    bearer = Identity(
        Ssin(number), "Peeters", first_names, IncompleteDate(1982), None, Register.BIS
    )
    return Candidate(bearer, score)


def test_each_person_is_a_candidate_once_and_who_is_left_out_is_told():
    asked = Phonetic("Peeters", "", "", IncompleteDate(1982), 0, None)
    found = [candidate(2, 80), candidate(1, 90), candidate(2, 85)]

    both, more = rank(asked, found, 2)
    assert [(one.identity.ssin.number, one.score) for one in both] == [(1, 90), (2, 85)]
    assert not more
    one, more = rank(asked, found, 1)
    assert (len(one), more) == (1, True)


def test_a_further_first_name_that_fits_goes_first():
    asked = Phonetic("Peeters", "Jan", "Karel", IncompleteDate(1982), 0, None)

    best, other = rank(asked, [candidate(1, 90, "Jan"), candidate(2, 90, "Jan", "Carel")], 5)[0]

    assert (best.identity.ssin.number, other.identity.ssin.number) == (2, 1)
