"""Identifications that sort by time and never come twice."""

import multiprocessing
from uuid import RFC_4122

from services.kit.ids import uuid7


def drawn(pipe):
    pipe.send([uuid7() for _ in range(10)])


def chance(one):
    return one.int & (1 << 62) - 1


def test_they_are_of_version_7_and_sort_by_the_time_they_were_made():
    made = [uuid7() for _ in range(2_000)]

    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    # What is finer than the clock is left to chance.
    assert [one.int >> 76 for one in made] == sorted(one.int >> 76 for one in made)
    assert len({chance(one) for one in made}) == 2_000


def test_a_child_does_not_go_on_with_what_its_parent_drew():
    uuid7()
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    child = context.Process(target=drawn, args=(there,))
    child.start()
    told = here.recv()
    child.join(10)

    assert {chance(one) for one in told}.isdisjoint(chance(uuid7()) for _ in range(600))
