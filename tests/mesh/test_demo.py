"""The story that `cbss demo` tells."""

import io

from rich.console import Console

from sandbox import story


async def test_the_story_of_one_day_ends_as_the_law_says(mesh):
    said = io.StringIO()

    good = await story.tell(mesh, Console(file=said))

    assert good, said.getvalue()


async def test_a_story_that_ends_differently_is_told_as_such(mesh):
    wrong = story.Step("A lie", "DATA_FOUND MSG00000", story.without_deliberation)
    said = io.StringIO()

    good = await story.tell(mesh, Console(file=said, width=200), [wrong])

    assert not good
    assert "NO_RESULT MSG00013, expected DATA_FOUND MSG00000" in said.getvalue()
