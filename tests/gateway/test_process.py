"""Envoy as a child: it ends with its control program, however that ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from gateway import starter
from gateway.process import EnvoyEnded, running, watch

SLEEPER = """
import asyncio, sys
from pathlib import Path
from gateway.process import running

async def main():
    async with running(Path(sys.argv[1]), Path("c"), workers=1, log_level="info"):
        print("started", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture
def envoy(tmp_path):
    """Something that stands in for Envoy: it writes down its number and stays."""
    program = tmp_path / "envoy"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    program.chmod(0o755)
    return program


def started(envoy):
    """The number under which it runs."""
    path = envoy.parent / "pid"
    for _ in range(600):
        if path.exists() and (text := path.read_text().strip()):
            return int(text)
        time.sleep(0.05)
    raise TimeoutError


def gone(pid):
    """Whether a process ends."""
    for _ in range(600):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_control_program_that_is_killed_leaves_no_envoy(envoy, number):
    with subprocess.Popen([sys.executable, "-c", SLEEPER, str(envoy)]) as control:
        pid = started(envoy)
        control.send_signal(number)
        control.wait(30)

    assert gone(pid)


async def test_it_is_stopped_at_the_end_of_the_block_and_has_a_session_of_its_own(envoy):
    async with running(envoy, Path("c"), workers=1, log_level="info"):
        pid = started(envoy)
        assert os.getsid(pid) == pid

    assert gone(pid)


async def test_an_envoy_that_ends_is_told_with_its_code(tmp_path):
    program = tmp_path / "envoy"
    program.write_text("#!/bin/sh\nexit 7\n")
    program.chmod(0o755)

    async with running(program, Path("c"), workers=1, log_level="info") as ended:
        with pytest.raises(EnvoyEnded, match="code 7"):
            await watch(ended)


def test_a_parent_that_died_before_starts_nothing(envoy):
    command = [sys.executable, starter.__file__, "1", str(envoy)]

    assert subprocess.run(command, check=False).returncode == 1
    assert not (envoy.parent / "pid").exists()
