"""What processes say while others are away: an object a line, with who, why and which ticket."""

import asyncio
import json
import re
from collections import Counter

import pytest

from services.kit.repeats import BURST, WINDOW
from tests.mesh.asking import question, refusal, until_it_answers

NOT_OURS = frozenset({"postgres", "valkey"})
SAME = ("event", "reason", "peer", "workload", "rpc", "fault")
"""Lines that agree in these say the same."""
SSIN = re.compile(r"\b\d{11}\b")


def lines_of(mesh, name, begin=0):
    """What a process has said since a place in its log."""
    text = (mesh.state.logs / f"{name}.log").read_text("utf-8")
    return [line for line in text.splitlines()[begin:] if line]


def told(line, where):
    try:
        read = json.loads(line)
    except ValueError:
        pytest.fail(f"{where} says: {line[:200]}")
    assert isinstance(read, dict), where
    return read


async def test_every_line_is_an_object_while_others_are_away_and_tells_why(mesh):
    await until_it_answers(mesh)
    ours = [name for name in mesh.processes.names() if name not in NOT_OURS]
    begun = {name: len(lines_of(mesh, name)) for name in ours}
    for victim in ("audit", "postgres"):
        await mesh.stop(victim, kill=True)
        for _ in range(5):
            await asyncio.gather(*(refusal(mesh, question()) for _ in range(20)))
        await mesh.start(victim)
        await until_it_answers(mesh)

    said = {name: [told(line, name) for line in lines_of(mesh, name, begun[name])] for name in ours}
    for name, lines in said.items():
        assert all({"event", "level", "timestamp"} <= line.keys() for line in lines), name
        assert not [line for line in lines if SSIN.search(json.dumps(line))], name
    refused = [line for line in said["routing"] if line["event"] == "rpc refused"]
    assert refused
    for line in refused:
        assert line["level"] == "warning"
        assert line["reason"]
        assert line["organization"].startswith("NTRBE-")
        # A line that counts others is of many exchanges.
        assert ("ticket" in line) != ("repeated" in line)
    assert {line["peer"] for line in refused if "peer" in line} >= {"audit"}


async def test_nothing_is_repeated_all_the_time(mesh):
    for name in mesh.processes.names():
        if name in NOT_OURS:
            continue
        counted = Counter(
            (line["timestamp"][:18], *(line.get(field) for field in SAME))
            for line in (told(line, name) for line in lines_of(mesh, name))
            if line["level"] != "info" and "timestamp" in line
        )
        # In ten seconds of the clock, which are part of two windows.
        most = counted.most_common(1)
        assert not most or most[0][1] <= 4 * BURST, (name, most, WINDOW)
