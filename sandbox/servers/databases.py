"""One database for each service, with two roles: one owns and changes it, one serves from it."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from services import mesh
from services.kit.files import replace_file
from services.kit.roles import make_database, read_login


@dataclass(frozen=True, slots=True)
class DsnFiles:
    """The files that say where a service's database is: for its owner, and for the service."""

    owner: Path
    service: Path


def dsn_files(folder: Path, names: Sequence[str] = ()) -> dict[str, DsnFiles]:
    """The files of some databases, or of all, in a folder of secrets."""
    return {
        name: DsnFiles(folder / f"{name}-owner.dsn", folder / f"{name}.dsn")
        for name in names or mesh.databases()
    }


async def absent(superuser_dsn: str, names: Iterable[str]) -> list[str]:
    """Which of these databases are not there."""
    connection = await asyncpg.connect(superuser_dsn, timeout=10)
    try:
        there = await connection.fetch("select datname from pg_database")
    finally:
        await connection.close()
    return sorted(set(names) - {row["datname"] for row in there})


async def create(superuser_dsn: str, files: Mapping[str, DsnFiles]) -> None:
    """Create what is missing of databases and roles, with passwords of their own."""
    connection = await asyncpg.connect(superuser_dsn, timeout=10)
    try:
        for name, written in files.items():
            for role, file in ((f"{name}_owner", written.owner), (name, written.service)):
                dsn = _named(superuser_dsn, role, _password(file), name)
                replace_file(file, dsn.encode(), mode=0o600)
            owner, service = read_login(written.owner), read_login(written.service)
            await make_database(connection, owner, service)
    finally:
        await connection.close()


def _password(file: Path) -> str:
    """The password that the file holds already, or a new one, kept there at once."""
    if not file.exists():
        made = _named("postgresql://h", "r", secrets.token_urlsafe(24), "d")
        replace_file(file, made.encode(), mode=0o600)
    return str(urlsplit(file.read_text()).password)


def _named(dsn: str, role: str, password: str, database: str) -> str:
    """The same server, as another role and for another database."""
    parts = urlsplit(dsn)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{quote(role)}:{quote(password)}@{host}"
    return urlunsplit((parts.scheme, netloc, f"/{database}", parts.query, ""))
