from datetime import date

from services.concepts.period import Period
from services.directory.model import REPLACED, Dossier
from services.directory.rules.replacing import move_dossiers
from tests.services.directory.examples import dossier

ON = date(2026, 11, 24)


def line(organization, on=ON):
    return Dossier(organization, REPLACED, 0, Period(on))


def test_all_dossiers_go_to_the_new_number_and_a_line_stays_for_each_organization():
    old = [dossier(1), dossier(1, quality=2), dossier(2, end="2021-12-31")]

    left, arrived = move_dossiers(old, [], ON)

    assert set(left) == {line(1), line(2)}
    assert set(arrived) == set(old)


def test_where_both_numbers_have_a_dossier_they_become_one_in_the_phase_of_the_new_number():
    old, new = [dossier(1, phase=1)], [dossier(1, begin="2022-01-01", phase=5)]

    _, arrived = move_dossiers(old, new, ON)

    assert arrived == (dossier(1, phase=5),)


def test_a_number_nobody_knew_leaves_nothing():
    assert move_dossiers([], [dossier(1)], ON) == ((), (dossier(1),))


def test_a_second_replacement_of_the_same_number_keeps_the_first_line():
    earlier = line(1, date(2020, 1, 1))

    left, arrived = move_dossiers([earlier, dossier(2)], [], ON)

    assert set(left) == {earlier, line(2)}
    assert arrived == (dossier(2),)


def test_a_number_that_is_used_again_loses_the_line_that_said_it_was_replaced():
    _, arrived = move_dossiers([dossier(1)], [line(1)], ON)

    assert arrived == (dossier(1),)
