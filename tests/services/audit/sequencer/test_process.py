"""The sequencer as a process: killed, out of room, two at once, witnessed."""

import asyncio
import os
import resource
import signal
import subprocess
import sys

import pytest

from sandbox.ports import free_port
from sandbox.processes import environment
from services.audit.log.store.objects import PostgresStorage
from services.kit.tlog.notes import COSIGNATURE, Note, Signer, private_key_text
from services.kit.tlog.storage import FolderStorage
from services.witness.memory import Memory
from tests.support.waiting import until

WITNESS_SEED = b"w" * 32
NO_ROOM = 600
"""Bytes that a file may have while there is no room: less than a tile of twenty hashes."""


class Processes:
    """Sequencers over one trail, and a witness."""

    def __init__(self, running, folder):
        self._running = running
        self._folder = folder
        self._children = []
        self._scribes = []
        self.witness_folder = folder / "witness"
        self.witness_port = free_port()
        self.witness_key = Signer.of("witness.test", COSIGNATURE, WITNESS_SEED).verifier

    def _file(self, name, text):
        path = self._folder / name
        path.write_text(text)
        return str(path)

    def _start(self, module, settings):
        named = ("HEALTH_ADDRESS", "METRICS_ADDRESS")
        listening = {name: f"127.0.0.1:{free_port()}" for name in named}
        with (self._folder / f"{module}-{len(self._children)}.log").open("wb") as log:
            # Another writes down what it says: it says that it has no room when it has none.
            scribe = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log)
        child = subprocess.Popen(
            [sys.executable, "-m", module],
            env=environment({**listening, **settings}),
            stdout=scribe.stdin,
            stderr=scribe.stdin,
        )
        scribe.stdin.close()
        self._children.append(child)
        self._scribes.append(scribe)
        return child

    def sequencer(self, **others):
        running = self._running
        settings = {
            "DATABASE_DSN_FILE": self._file("dsn", running.database.dsn),
            "LOG_KEY_FILE": self._file("log.key", running.key_text),
            "INTERVAL": "0.02",
        }
        if isinstance(running.storage, FolderStorage):
            settings["LOG_DIRECTORY"] = str(running.storage.path)
        return self._start("services.audit.log.sequencer", settings | others)

    def witness(self):
        settings = {
            "LISTEN_ADDRESS": f"127.0.0.1:{self.witness_port}",
            "STATE_DIRECTORY": str(self.witness_folder),
            "WITNESS_KEY_FILE": self._file(
                "witness.key", private_key_text("witness.test", COSIGNATURE, WITNESS_SEED)
            ),
            "LOG_KEYS_FILE": self._file("log.pub", str(self._running.signer.verifier)),
        }
        return self._start("services.witness", settings)

    def witnessed(self):
        return {
            "WITNESS_ADDRESS": f"127.0.0.1:{self.witness_port}",
            "WITNESS_KEY_FILE": self._file("witness.pub", str(self.witness_key)),
        }

    def said(self):
        return "".join(path.read_text() for path in self._folder.glob("*.log"))

    def end(self):
        for child in self._children:
            child.kill()
            child.wait()
        for scribe in self._scribes:
            scribe.wait()


@pytest.fixture
def processes(running, tmp_path):
    made = Processes(running, tmp_path)
    yield made
    made.end()


@pytest.fixture(params=["folder", "postgres"])
def kept(request, running):
    """The same log, its tiles in a folder or in its database."""
    if request.param == "folder":
        yield running
        return
    running.keep_in(PostgresStorage(running.database.dsn))
    yield running
    running.storage.close()


async def signed(running, size):
    """Wait until so many records are signed."""

    async def is_signed():
        try:
            checkpoint = running.publication.published()
        except FileNotFoundError:
            return False
        return checkpoint is not None and checkpoint.size >= size

    await until(is_signed)


async def test_killed_again_and_again_it_loses_nothing_and_takes_nothing_back(kept, processes):
    running = kept
    total = 0
    for round_ in range(8):
        child = processes.sequencer()
        for _ in range(3 + round_ % 3):
            await running.record(150)
            total += 150
        # Somewhere in a step, later in every round, once it is at work at all.
        await signed(running, total - 600 if total > 600 else 1)
        await asyncio.sleep(0.003 * round_)
        child.send_signal(signal.SIGKILL)
        child.wait()
        running.check_growth(running.publication.published())

    processes.sequencer()
    await signed(running, total)

    await running.check()


async def test_of_two_that_start_at_once_one_works_and_the_other_takes_over(kept, processes):
    running = kept
    first, second = processes.sequencer(), processes.sequencer()
    await running.record(100)
    await signed(running, 100)
    assert (first.poll(), second.poll()) == (None, None)

    for one in (first, second):
        one.send_signal(signal.SIGKILL)
        one.wait()
        await running.record(100)
        if one is first:
            await signed(running, 200)

    processes.sequencer()
    await signed(running, 300)
    await running.check()


async def test_without_room_it_signs_nothing_and_goes_on_when_there_is_some(running, processes):
    child = processes.sequencer()
    await running.record(5)
    await signed(running, 5)
    limits = resource.prlimit(child.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (NO_ROOM, limits[1]))

    await running.record(100)
    await until(lambda: _true("log not reachable" in processes.said()))
    assert running.publication.published().size == 5

    resource.prlimit(child.pid, resource.RLIMIT_FSIZE, limits)
    await signed(running, 105)
    await running.check()
    assert child.poll() is None


async def _true(value):
    return value


async def test_a_log_put_back_without_its_checkpoint_is_not_signed_by_either(running, processes):
    async def is_cosigned():
        note = Note.parse((running.folder / "checkpoint").read_text())
        return len(note.signatures) == 2

    child = processes.sequencer(**processes.witnessed())
    await running.record(20)
    await signed(running, 20)
    # The witness comes later, and is asked again without anything new to sign.
    processes.witness()
    await until(is_cosigned)
    await running.record(1)
    await signed(running, 21)
    await until(is_cosigned)
    note = Note.parse((running.folder / "checkpoint").read_text())
    assert note.signature_of(processes.witness_key).time > 0
    child.kill()
    child.wait()
    # An older copy of everything that the operator has: rows, state, tiles, no checkpoint.
    for statement in (
        "delete from record where sequence > (select min(sequence) + 9 from record)",
        "delete from span",
        "update log_state set size = 0, root = sha256(''), last_sequence = 0",
    ):
        await running.owner.execute(statement)
    for path in [*running.folder.rglob("*")]:
        if path.is_file():
            path.unlink()

    again = processes.sequencer(**processes.witnessed())

    await until(lambda: _true(again.poll() is not None))
    assert again.returncode == 1
    assert "LogRewound" in processes.said()
    assert running.publication.published() is None
    assert Memory(processes.witness_folder).last("audit.test/trail").size == 21
    # What was signed behind what was cosigned is evidence, and kept.
    assert len(os.listdir(processes.witness_folder / "refused")) == 1
