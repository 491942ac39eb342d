"""Load organizations into audit: `python -m services.audit.load organizations.yaml`.

The file is the onboarding file that the directory's load job reads too. An organization that is
there is replaced as a whole; one that the file does not list stays as it is, here as in directory
and access. The environment names the database: DATABASE_OWNER_DSN_FILE. Ends with code 1, and every
problem, when nothing was changed.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import structlog

from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import InvalidArgument
from services.concepts.lines import Unusable, plain
from services.concepts.text import is_plain
from services.concepts.written import parse_web_name
from services.kit import logs
from services.kit.postgres import statements
from services.kit.sessions import session
from services.kit.settings import OwnerSettings, load

SQL = statements("services.audit")
_DIGEST_DIGITS = 64
log = structlog.get_logger()

Admitted = tuple[str, list[str], list[str], str, list[str]]
"""The number, the keys of programs, those of officers, the name, the names on the web."""


def read(text: str) -> tuple[list[Admitted], list[str]]:
    """The organizations in a file with the keys of their programs, and what is wrong with it."""
    try:
        listed = plain(text)[0]["organizations"]
    except (Unusable, KeyError, TypeError):
        listed = None
    if not isinstance(listed, list):
        return [], ["is no list of organizations"]
    admitted: dict[str, Admitted] = {}
    problems = []
    for number, one in enumerate(listed, 1):
        try:
            told = _organization(one)
        except (KeyError, TypeError, ValueError, InvalidArgument):
            problems.append(f"organization {number} has no usable number, keys or web names")
            continue
        if told[0] in admitted:
            problems.append(f"organization {number} is there twice")
        admitted[told[0]] = told
    programs = {key for _, keys, *_ in admitted.values() for key in keys}
    problems += [
        f"an officer of {digits} has the key of a program"
        for digits, _, officers, *_ in admitted.values()
        if not programs.isdisjoint(officers)
    ]
    return list(admitted.values()), problems


def _organization(told: Any) -> Admitted:
    if not isinstance(told, dict) or not is_plain(str(told["name"])):
        raise ValueError
    keys = [str(key) for key in told["public_key_sha256"]]
    officers = [str(key) for key in told.get("officer_key_sha256", ())]
    for key in (*keys, *officers):
        if len(bytes.fromhex(key)) * 2 != _DIGEST_DIGITS or key != key.lower():
            raise ValueError
    number = parse_enterprise_number(str(told["cbe_number"])).digits
    web_names = [parse_web_name(str(name)) for name in told.get("web_names", ())]
    return number, keys, officers, str(told["name"]), web_names


async def store(dsn: str, admitted: Sequence[Admitted]) -> list[str]:
    """Add these organizations, or replace them one by one; the others stay.

    What is wrong with them beside those that stay, and then nothing is changed.
    """
    async with session(dsn, name="load") as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.executemany(SQL.put_organization, admitted)
        shared = await connection.fetch(SQL.find_shared_keys)
        problems = [f"an officer of {row['cbe_number']} has the key of a program" for row in shared]
        await (transaction.rollback() if problems else transaction.commit())
    return problems


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="services.audit.load", description=__doc__)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service="audit")
    try:
        admitted, problems = read(given.file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        admitted, problems = [], ["cannot be read"]
    if not problems:
        problems = asyncio.run(store(settings.database_owner_dsn, admitted))
    for problem in problems:
        log.error("refused", file=given.file.name, problem=problem)
    if problems:
        sys.exit(1)
    log.info("organizations loaded", count=len(admitted))


if __name__ == "__main__":
    main()
