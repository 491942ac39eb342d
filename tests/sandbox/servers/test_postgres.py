"""A PostgreSQL that cannot be set up says why, in its own words."""

import asyncio
import sys
from contextlib import suppress
from io import BytesIO

import asyncpg
import pytest

from sandbox.ports import free_port
from sandbox.servers.postgres import PostgresServer, ServerRefused
from sandbox.servers.privileges import Privileges
from tests.support.scratch import scratch


@pytest.mark.postgres
def test_what_cannot_be_set_up_is_refused_with_what_the_server_said():
    privileges = Privileges.of_this_process()
    with scratch("tests") as place:
        folder = privileges.folder(place / "postgres")
        (folder / "data").mkdir()
        (folder / "data" / "left").touch()
        privileges.give(folder / "data")

        with pytest.raises(ServerRefused, match="exists but is not empty"):
            PostgresServer.made(place / "postgres", free_port(), place / "secret", privileges)


async def test_a_server_waits_until_what_was_killed_before_it_is_gone(tmp_path):
    folder = tmp_path / "postgres"
    (folder / "data").mkdir(parents=True)
    server = PostgresServer(folder, free_port(), "secret", Privileges(None))
    left = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "import time; time.sleep(600)"), cwd=folder / "data"
    )
    waiting = asyncio.create_task(server.vacant())
    done, _ = await asyncio.wait([waiting], timeout=0.5)
    assert not done

    left.kill()
    await left.wait()

    await waiting


@pytest.mark.postgres
async def test_no_row_stands_in_the_log_of_the_server():
    ssin = "99600000470"
    with scratch("tests") as place:
        secret = place / "secret"
        server = PostgresServer.made(
            place / "pg", free_port(), secret, Privileges.of_this_process(), "fsync=off"
        )
        with (place / "log").open("wb") as log:
            running = await asyncio.create_subprocess_exec(
                *server.command, cwd=server.folder, stdout=log, stderr=log
            )
            await server.ready()
            connection = await asyncpg.connect(server.dsn())
            await connection.execute("create table person (ssin text primary key, born date)")
            for _ in range(2):
                with suppress(asyncpg.UniqueViolationError):
                    await connection.execute("insert into person (ssin) values ($1)", ssin)
            lines = BytesIO(f"1\t{ssin}\n".encode())
            with suppress(asyncpg.PostgresError):
                await connection.copy_to_table("person", source=lines, columns=["ssin", "born"])
            await connection.close()
            running.terminate()
            await running.wait()
        text = (place / "log").read_text()

    assert "ready to accept connections" in text
    assert ssin not in text


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux syncs a whole file system")
async def test_a_server_that_was_killed_syncs_its_file_system_at_once(postgres):
    connection = await asyncpg.connect(postgres.dsn("postgres", "postgres"))

    assert await connection.fetchval("show recovery_init_sync_method") == "syncfs"
    await connection.close()
