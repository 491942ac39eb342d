"""Months in files, from the command line: `python -m services.audit.log.archive --help`."""

import argparse
import asyncio
import sys
from pathlib import Path

from google.protobuf.json_format import MessageToJson

from services.audit.log.archive.folders import ArchiveDamaged, Folder
from services.audit.log.archive.moving import MonthNotSigned, export, restore
from services.audit.log.store.objects import storage_of
from services.audit.log.verification.signatures import verifier
from services.audit.trail.form import whole
from services.audit.trail.month_names import month_name, parse_month_name
from services.kit.sessions import session


def main() -> None:
    """The command; ends with code 1 when what was asked cannot be done."""
    parser = argparse.ArgumentParser(prog="services.audit.log.archive", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder of the month")
    asked = parser.add_subparsers(dest="what", required=True)
    writing = asked.add_parser("export", help="write a month to the folder")
    writing.add_argument("month", type=parse_month_name, help="such as 2026-11")
    writing.add_argument(
        "--log", type=Path, help="the folder of tiles; without it, in the database"
    )
    proving = asked.add_parser("prove", help="prove the files; needs nothing else")
    asked.add_parser("read", help="show the records as JSON, one a line; needs nothing else")
    restoring = asked.add_parser("restore", help="put back the records that are gone")
    for one in (writing, restoring):
        one.add_argument("--dsn-file", type=Path, required=True, help="the database, as its owner")
    for one in (proving, restoring):
        one.add_argument("--key", required=True, help="the log's public key, or a file with it")
    given = parser.parse_args()
    try:
        run_command(given, Folder(given.folder))
    except (ArchiveDamaged, MonthNotSigned) as fault:
        sys.exit(str(fault.__doc__))


def run_command(given: argparse.Namespace, folder: Folder) -> None:
    """Do what was asked."""
    if given.what == "read":
        for kept, _ in folder.records():
            print(MessageToJson(whole(kept), indent=None))
        return
    if given.what in ("prove", "restore"):
        described = folder.prove(verifier(given.key))
        print(f"{month_name(described.month)}: {described.count} records, as the log signed them")
    if given.what in ("export", "restore"):
        print(f"{asyncio.run(_moved(given, folder))} records")


async def _moved(given: argparse.Namespace, folder: Folder) -> int:
    dsn = given.dsn_file.read_text().strip()
    async with session(dsn, name="archive") as connection:
        if given.what == "restore":
            return await restore(connection, folder)
        return await export(connection, storage_of(given.log, dsn), given.month, folder)


if __name__ == "__main__":
    main()
