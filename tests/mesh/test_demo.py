"""The story that `cbss demo` tells, and what the mesh says of it: nothing about anybody."""

import io
import re
from urllib.request import urlopen

from rich.console import Console

from sandbox import story
from sandbox.institutions.personas import people, persona_answers


def told_by_metrics(mesh):
    """What every process shows to who measures it."""
    for name in mesh.processes.names():
        if f"{name}-metrics" in mesh.ports.numbers:
            with urlopen(f"http://{mesh.ports.address(f'{name}-metrics')}/metrics") as answer:
                yield f"metrics of {name}", answer.read().decode()


def told_by_logs(mesh):
    """What every process, server and job has written, from its first line on."""
    for path in sorted(mesh.state.logs.iterdir()):
        yield path.name, path.read_text("utf-8", errors="replace")


def streets(message):
    """The streets in a result, wherever they stand."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for one in value if field.is_repeated else (value,):
            if field.name == "street_names":
                yield one.text
            else:
                yield from streets(one)


def personal():
    """What would be about somebody: numbers in either way of writing them, names, days of birth,
    streets."""
    for ssin, who in people().items():
        yield ssin
        yield f"{ssin[:2]}.{ssin[2:4]}.{ssin[4:6]}-{ssin[6:9]}.{ssin[9:]}"
        yield who.name.last_name
        born = who.birth.date
        yield f"{born.year:04d}-{born.month:02d}-{born.day:02d}"
    for known in persona_answers():
        yield known.ssin
        if known.result is not None:
            yield from streets(known.result)


def betrayed(emitted):
    """What is about somebody, by where it stands."""
    searched = {re.escape(one) for one in personal() if one}
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(searched))})(?![\w-])", re.IGNORECASE)
    found = {where: set(pattern.findall(text)) for where, text in emitted.items()}
    return {where: sorted(about) for where, about in found.items() if about}


async def test_what_is_about_somebody_is_recognised():
    planted = {
        "a.log": '{"ssin": "71713000318"}',
        "b.log": "asked about 71.71.30-003.18 today",
        "c.log": "Key (last_name)=(DUBOIS) already exists",
        "d.log": "born 1971-11-30",
        "e.log": "rue du moulin 12",
        "f.log": "0171713000318-1971-11-301",
    }

    assert set(betrayed(planted)) == set(planted) - {"f.log"}


async def test_the_story_of_one_day_ends_as_the_law_says_and_nothing_betrays_whom_it_is_about(mesh):
    said = io.StringIO()

    good = await story.tell(mesh, Console(file=said))

    assert good, said.getvalue()
    emitted = dict([*told_by_logs(mesh), *told_by_metrics(mesh)])
    assert {"routing.log", "postgres.log", "gateway.log", "metrics of routing"} <= emitted.keys()
    assert betrayed(emitted) == {}


async def test_a_story_that_ends_differently_is_told_as_such(mesh):
    wrong = story.Step("A lie", "DATA_FOUND MSG00000", story.without_deliberation)
    said = io.StringIO()

    good = await story.tell(mesh, Console(file=said, width=200), [wrong])

    assert not good
    assert "NO_RESULT MSG00013, expected DATA_FOUND MSG00000" in said.getvalue()
