"""A database and its two roles: who owns it and who serves from it."""

import subprocess
import sys
from itertools import count

import asyncpg
import pytest

from services.kit.roles import Login, NoLogin, make_database, read_login

NUMBERS = count(1)


@pytest.fixture
def logins():
    """An owner and a service that nobody knows yet, with passwords that need quoting."""
    name = f"made_{next(NUMBERS)}"
    return Login(f"{name}_owner", 'it\'s "mine"', name), Login(name, "p'w", name)


async def made(postgres, owner, service):
    connection = await asyncpg.connect(postgres.dsn("postgres", "postgres"))
    try:
        await make_database(connection, owner, service)
    finally:
        await connection.close()


async def entered(postgres, login, password=None):
    return await asyncpg.connect(
        host="127.0.0.1",
        port=postgres.port,
        user=login.role,
        password=password or login.password,
        database=login.database,
    )


async def test_the_owner_changes_it_and_the_service_does_not(postgres, logins):
    owner, service = logins
    await made(postgres, owner, service)

    connection = await entered(postgres, owner)
    await connection.execute("create table thing (id integer)")
    await connection.close()
    connection = await entered(postgres, service)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("create table another (id integer)")
    await connection.close()


async def test_a_stranger_may_not_enter(postgres, logins):
    await made(postgres, *logins)
    other = Login(f"stranger_{next(NUMBERS)}", "s", logins[0].database)
    await made(
        postgres, Login(f"{other.role}_owner", "o", other.role), Login(other.role, "s", other.role)
    )

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await entered(postgres, other)


async def test_again_changes_nothing_but_a_password_that_is_new(postgres, logins):
    owner, service = logins
    await made(postgres, owner, service)
    await made(postgres, owner, Login(service.role, "renewed", service.database))

    with pytest.raises(asyncpg.InvalidPasswordError):
        await entered(postgres, service)
    await (await entered(postgres, service, "renewed")).close()


@pytest.mark.parametrize(
    "owner",
    [Login("other_owner", "x", "another"), Login("same", "x", "same")],
    ids=["of another database", "the same role"],
)
async def test_roles_that_do_not_fit_are_refused(postgres, owner):
    with pytest.raises(NoLogin):
        await made(postgres, owner, Login("same", "x", "same"))


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("postgresql://h/d", "role"),
        ("postgresql://r@h/d", "password"),
        ("postgresql://r:p@h", "database"),
        ("", "role"),
    ],
)
def test_what_a_file_lacks_is_named_and_not_its_secret(tmp_path, text, lacks):
    file = tmp_path / "dsn"
    file.write_text(text)

    with pytest.raises(NoLogin, match=f"names no {lacks}"):
        read_login(file)


def test_the_command_makes_it_and_tells_no_password(postgres, tmp_path):
    name = f"made_{next(NUMBERS)}"
    given = {
        "DATABASE_SUPERUSER_DSN_FILE": postgres.dsn("postgres", "postgres"),
        "DATABASE_OWNER_DSN_FILE": f"postgresql://{name}_owner:se%27cret@h/{name}",
        "DATABASE_DSN_FILE": f"postgresql://{name}:se%27cret@h/{name}",
    }
    for file, text in given.items():
        (tmp_path / file).write_text(text)
    environment = {file: str(tmp_path / file) for file in given}
    command = [sys.executable, "-m", "services.kit.roles"]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    (tmp_path / "DATABASE_SUPERUSER_DSN_FILE").write_text("postgresql://x:se%27cret@127.0.0.1:1/x")
    away = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert away.returncode == 1
    assert "cret" not in done.stdout + done.stderr + away.stdout + away.stderr
