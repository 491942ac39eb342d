"""What people read is there in every language, or not at all."""

import pytest

from services.concepts.text import Text


@pytest.mark.parametrize("missing", ["nl", "fr", "de"])
def test_a_text_lacks_no_language(missing):
    told = {"nl": "een", "fr": "un", "de": "eins"}

    assert Text(**told).fr == "un"
    with pytest.raises(ValueError, match="all three languages"):
        Text(**told | {missing: ""})
