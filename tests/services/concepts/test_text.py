"""What people read is there in every language, or not at all."""

import pytest

from services.concepts.text import Text, is_plain, visible


@pytest.mark.parametrize("missing", ["nl", "fr", "de"])
def test_a_text_lacks_no_language(missing):
    told = {"nl": "een", "fr": "un", "de": "eins"}

    assert Text(**told).fr == "un"
    with pytest.raises(ValueError, match="all three languages"):
        Text(**told | {missing: ""})


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Zwem\u00adbad", "Zwembad"),
        ("Zwem\u200bbad", "Zwembad"),
        ("Caf\u00e9 \u200eX", "Caf\u00e9 X"),
        ("\ufeffBakkerij\u00a0 De\tKlok\u2028", "Bakkerij De Klok"),
        ("Nul\0\x07", "Nul"),
        ("\u202eomgekeerd", "omgekeerd"),
        ("\ue000", ""),
    ],
)
def test_what_nobody_sees_is_not_kept(text, seen):
    assert visible(text) == seen
    assert visible(text).isprintable()


@pytest.mark.parametrize("unusable", ["\0", "\x1b", "\u200b", "\u202e", "\ud800", "\uffff"])
def test_a_text_of_several_lines_has_no_other_controls(unusable):
    assert is_plain("Artikel 1.\n\tDe bank")
    assert not is_plain(f"Artikel 1.\n{unusable}De bank")
