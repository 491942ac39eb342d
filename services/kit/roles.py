"""A database and its two roles, made by a superuser: `python -m services.kit.roles`.

One role owns the database and changes it (`DATABASE_OWNER_DSN_FILE`: migrations, loads, jobs), the
other serves from it (`DATABASE_DSN_FILE`). Both files say which password the role has and which
database it enters; who is there already gets the password of its file. What is there stays.
"""

import argparse
import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
import structlog

from services.kit.sessions import session
from services.kit.settings import RolesSettings, load

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Login:
    """Who enters which database."""

    role: str
    password: str
    database: str


class NoLogin(Exception):
    """A file does not say who enters which database; the message says what it lacks."""


def read_login(file: Path) -> Login:
    """What a file with `postgresql://role:password@host:port/database` says; NoLogin."""
    parts = urlsplit(file.read_text("utf-8").strip())
    role, password = unquote(parts.username or ""), unquote(parts.password or "")
    database = parts.path.lstrip("/")
    for what, said in (("role", role), ("password", password), ("database", database)):
        if not said:
            raise NoLogin(f"{file} names no {what}")
        if "\0" in said:
            raise NoLogin(f"{file} has a {what} with a NUL")
    return Login(role, password, database)


async def make_database(connection: asyncpg.Connection, owner: Login, service: Login) -> None:
    """Create what is missing of a database and its roles; NoLogin if the two disagree on it."""
    if owner.database != service.database:
        raise NoLogin(f"the owner enters {owner.database}, the service {service.database}")
    if owner.role == service.role:
        raise NoLogin(f"{owner.role} would own the database that it serves from")
    for login in (owner, service):
        await _make_role(connection, login)
    name = owner.database
    known = await connection.fetchval("select 1 from pg_database where datname = $1", name)
    if not known:
        await connection.execute(f"create database {_name(name)} owner {_name(owner.role)}")
    await connection.execute(f"revoke all on database {_name(name)} from public")
    await connection.execute(f"grant connect on database {_name(name)} to {_name(service.role)}")


async def _make_role(connection: asyncpg.Connection, login: Login) -> None:
    known = await connection.fetchval("select 1 from pg_roles where rolname = $1", login.role)
    verb = "alter" if known else "create"
    # Neither can be a parameter of these statements.
    password = "'" + login.password.replace("'", "''") + "'"
    await connection.execute(f"{verb} role {_name(login.role)} login password {password}")


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


async def _make(settings: RolesSettings) -> str:
    owner, service = map(read_login, (settings.database_owner_dsn_file, settings.database_dsn_file))
    superuser = settings.database_superuser_dsn_file.read_text("utf-8").strip()
    async with session(superuser, name="roles") as connection:
        await make_database(connection, owner, service)
    return owner.database


def main() -> None:
    """The command; ends with code 1 when something could not be made, and says what."""
    argparse.ArgumentParser(
        prog="services.kit.roles", description="Make a database and its two roles."
    ).parse_args()
    settings = load(RolesSettings)
    try:
        made = asyncio.run(_make(settings))
    except NoLogin as wrong:
        log.error("no usable login", problem=str(wrong))
        sys.exit(1)
    except (asyncpg.PostgresError, OSError) as fault:
        # PostgreSQL quotes the statement, and so the password: its class alone is told.
        log.error(
            "the database could not be made",
            fault=type(fault).__name__,
            sqlstate=getattr(fault, "sqlstate", None),
        )
        sys.exit(1)
    log.info("database and roles are there", database=made)


if __name__ == "__main__":
    main()
