"""A PostgreSQL that cannot be set up says why, in its own words."""

import pytest

from sandbox.servers.postgres import PostgresServer, ServerRefused
from sandbox.servers.privileges import Privileges
from sandbox.state import free_port


def test_what_cannot_be_set_up_is_refused_with_what_the_server_said(tmp_path):
    privileges = Privileges.of_this_process()
    folder = privileges.folder(tmp_path / "postgres")
    (folder / "data").mkdir()
    (folder / "data" / "left").touch()
    privileges.give(folder / "data")

    with pytest.raises(ServerRefused, match="exists but is not empty"):
        PostgresServer.made(tmp_path / "postgres", free_port(), tmp_path / "secret", privileges)
