"""How long a process waits to be started again, and when it is given up."""

from sandbox.restarts import NEVER, Deaths, Restarts


def test_each_death_waits_twice_as_long_up_to_a_bound_and_then_it_is_given_up():
    deaths = Deaths(Restarts(most=4, first=1, longest=3), lambda: 0.0)

    assert [deaths.pause() for _ in range(6)] == [1, 2, 3, 3, None, None]


def test_a_death_is_forgotten_after_the_window():
    now = [0.0]
    deaths = Deaths(Restarts(most=1, window=60, first=1), lambda: now[0])

    assert deaths.pause() == 1
    now[0] = 61.0
    assert deaths.pause() == 1
    now[0] = 62.0
    assert deaths.pause() is None


def test_who_looks_for_himself_starts_nothing_again():
    assert Deaths(NEVER).pause() is None
