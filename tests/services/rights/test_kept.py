"""What the buffer keeps and what the law of the rights reads are the same facts: of one name, one
source and the same categories. Neither service may read the files of the other: it is held here."""

import pytest

from services.buffer.definitions import categories, fact_types, sources
from services.rights.definitions import shipped_law

BOTH = sorted(fact_types() & shipped_law().facts.keys())


def test_every_kind_that_the_buffer_keeps_is_read_by_a_right():
    assert set(BOTH) == fact_types()


@pytest.mark.parametrize("kind", BOTH)
def test_a_fact_has_one_source_and_one_kind_of_value(kind):
    law = shipped_law()
    fact = law.facts[kind]

    assert law.sources[fact.source].fed_by in {str(place) for place in sources(kind)}
    assert (fact.value == "category") == bool(categories(kind))


@pytest.mark.parametrize("kind", BOTH)
def test_a_category_on_which_a_right_turns_is_one_that_may_be_fed(kind):
    parts = [part for one in shipped_law().statuses.values() for part in one.parts]
    bounds = {n for part in parts if part.fact == kind for pair in part.ranges for n in pair}

    assert bounds <= categories(kind)
