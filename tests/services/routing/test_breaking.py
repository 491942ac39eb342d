"""A source that fails is left alone for a while, and holds no more questions than it may."""

from datetime import timedelta

import pytest

from services.routing.rules.breaking import SOURCE_AWAY, SOURCE_BUSY, Bounds, Circuit, Guard

BOUNDS = Bounds(questions=3, looked_at=4, failed=2, pause=timedelta(seconds=1))


@pytest.fixture
def guard():
    return Guard(BOUNDS)


def ask(guard, *outcomes, at=0.0):
    """Questions one after the other, each let through."""
    for good in outcomes:
        assert guard.enter(at) == ""
        guard.leave(at, good)


def test_a_source_that_fails_now_and_then_is_asked_on(guard):
    ask(guard, *[True, True, True, False] * 10)

    assert guard.circuit is Circuit.CLOSED
    assert (guard.answered, guard.failed, guard.refused) == (30, 10, 0)


def test_a_source_that_fails_too_often_is_left_alone_for_a_while(guard):
    ask(guard, True, False, True, False)

    assert guard.circuit is Circuit.OPEN
    assert guard.enter(0.9) == SOURCE_AWAY
    assert guard.waiting == 0
    assert guard.refused == 1


def test_few_failures_say_nothing(guard):
    ask(guard, False, False, False)

    assert guard.circuit is Circuit.CLOSED


def test_one_question_tries_whether_it_is_there_again(guard):
    ask(guard, *[False] * 4)

    assert guard.enter(1.0) == ""
    assert guard.circuit is Circuit.HALF_OPEN
    assert guard.enter(1.0) == SOURCE_AWAY
    guard.leave(1.0, True)
    assert guard.circuit is Circuit.CLOSED
    ask(guard, False, False, False)


def test_each_trial_that_fails_makes_the_pause_twice_as_long_up_to_a_bound(guard):
    ask(guard, *[False] * 4)

    now, pauses = 0.0, []
    for pause in (1, 2, 4, 8, 8):
        assert guard.enter(now + pause - 0.01) == SOURCE_AWAY
        now += pause
        ask(guard, False, at=now)
        pauses.append(guard.circuit)
    assert set(pauses) == {Circuit.OPEN}


def test_a_trial_that_its_asker_gives_up_lets_another_try(guard):
    ask(guard, *[False] * 4)
    assert guard.enter(1.0) == ""

    guard.leave(1.0, None)

    ask(guard, True, at=1.0)
    assert guard.circuit is Circuit.CLOSED


def test_an_answer_that_was_asked_for_before_shows_that_the_source_is_there(guard):
    assert guard.enter(0.0) == ""
    ask(guard, *[False] * 4)

    guard.leave(0.5, True)

    assert guard.circuit is Circuit.CLOSED


def test_a_source_holds_so_many_questions_and_no_more(guard):
    assert [guard.enter(0.0) for _ in range(5)] == ["", "", "", SOURCE_BUSY, SOURCE_BUSY]
    assert guard.waiting == 3

    guard.leave(0.0, True)

    assert guard.enter(0.0) == ""
