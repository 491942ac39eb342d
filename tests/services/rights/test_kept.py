"""What the buffer keeps and what the law of the rights reads are the same facts: of one name, one
source and the same categories. Neither service may read the files of the other: it is held here."""

import pytest

from services.buffer.definitions import categories, fact_types, scopes, sources, value_of
from services.rights.definitions import shipped_law

BOTH = sorted(fact_types() & shipped_law().facts.keys())


def test_what_the_buffer_keeps_is_what_a_right_reads():
    # When somebody was born is a fact of the buffer; the law speaks of it as an age.
    assert fact_types() == shipped_law().facts.keys() | {"BIRTH_DATE"}


def test_the_households_of_both_are_the_same_and_from_the_same_source():
    law = shipped_law()

    assert {
        name: {str(place) for place in law.sources[one.source].fed_by}
        for name, one in law.scopes.items()
    } == {name: {str(place) for place in places} for name, places in scopes().items()}


@pytest.mark.parametrize("kind", BOTH)
def test_a_fact_is_fed_from_the_same_places_with_the_same_kind_of_value(kind):
    law = shipped_law()
    fact = law.facts[kind]

    assert frozenset(law.sources[fact.source].fed_by) == sources(kind)
    assert fact.value == value_of(kind)
    assert (fact.value == "category") == bool(categories(kind))


@pytest.mark.parametrize("kind", BOTH)
def test_a_category_on_which_a_right_turns_is_one_that_may_be_fed(kind):
    parts = [part for one in shipped_law().statuses.values() for part in one.parts]
    bounds = {n for part in parts if part.fact == kind for pair in part.ranges for n in pair}

    assert fact_is_free(kind) or bounds <= categories(kind)


def fact_is_free(kind):
    return value_of(kind) != "category"
