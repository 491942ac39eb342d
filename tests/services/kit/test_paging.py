"""How large a page is."""

import pytest

from services.concepts.failures import InvalidArgument
from services.kit.paging import page_size


@pytest.mark.parametrize(("asked", "size"), [(0, 50), (7, 7), (200, 200), (201, 200)])
def test_a_page_has_its_bounds(asked, size):
    assert page_size(asked, default=50, most=200) == size


def test_a_negative_page_is_refused():
    with pytest.raises(InvalidArgument) as refused:
        page_size(-1, default=50, most=200)

    assert [one.field for one in refused.value.violations] == ["page_size"]
