"""Another command asks the one that keeps a sandbox."""

import asyncio
import json

import pytest

from sandbox.control import NobodyThere, Refused, ask_restart, listening
from sandbox.state import State


async def restart(name):
    if name != "routing":
        raise Refused(f"there is no process {name}")
    return "routing serves again"


@pytest.fixture(params=["short", "long" * 30])
def state(tmp_path, request):
    return State.at(tmp_path / request.param).made()


async def test_a_restart_is_asked_for_and_said(state):
    async with listening(state, restart):
        assert await asyncio.to_thread(ask_restart, state, "routing") == "routing serves again"
        with pytest.raises(Refused, match="there is no process nobody"):
            await asyncio.to_thread(ask_restart, state, "nobody")


async def test_there_is_nobody_to_ask_where_nothing_runs(state):
    with pytest.raises(NobodyThere):
        ask_restart(state, "routing")


async def test_only_the_user_of_the_sandbox_is_listened_to(state):
    async with listening(state, restart):
        sockets = [path for path in state.folder.iterdir() if path.is_socket()]

        assert all(path.stat().st_mode & 0o077 == 0 for path in sockets)


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"{}", b'{"restart": {}}', b"\xff"])
async def test_nonsense_is_refused_and_the_next_is_listened_to(tmp_path, line):
    state = State.at(tmp_path / "short").made()
    async with listening(state, restart):
        reader, writer = await asyncio.open_unix_connection(state.folder / "control")
        writer.write(line + b"\n")
        answer = await reader.read()
        writer.close()

        assert not answer or json.loads(answer)["done"] is False
        assert await asyncio.to_thread(ask_restart, state, "routing")
