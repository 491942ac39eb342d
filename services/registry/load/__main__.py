"""Load reviewed files into the registry, as the owner of its database:

    python -m services.registry.load [--shipped-contracts] [FILE...]

All that the files change becomes one act, or nothing does; loading them again changes nothing. What
they do not name stays as it is. The act is in force once the audit trail has it.

Organizations: YAML (JSON is YAML too) with the key `organizations`. Required: cbe_number and name.
A number, place or fingerprint stands in quotes. An organization that is there is replaced as a
whole; `manages` names organizations of the file or of the network; without `endpoint` it supplies
nothing. `network` is PRIMARY, SECONDARY, EXTENSION or INTEGRATOR; left out, it follows from place
and managing institution. `officer_key_sha256` names the keys of those who are told of misuse, no
program's; `web_names` the hosts to which people are sent; `kind` is for the classes of general
deliberations. `environment`, `contacts` (functions, not persons) and `expects` (volumes an hour)
are the rest of the onboarding record. Example, one organization a line:

    organizations:
    - {cbe_number: "0899991041", name: "DG Disabled Persons", sector_institution: "16.0",
       public_key_sha256: ["<64 lower-case hexadecimal digits>"], manages: ["0899990348"],
       endpoint: {address: "dns:///dgph:7443", server_name: "dgph", in_mesh: false},
       contacts: ["cbss@dgph.example"], expects: [{legal_context: "A:PURPOSE",
       data_contract: "LEGAL_PERSON_DATA", hourly: 5000}]}

Data contracts: YAML with the key `data_contract`, one a file; `services/registry/data/contracts`
holds those that --shipped-contracts loads, and shows the form. A version that is registered with
other content is left as it is, and told.

The environment names the database: DATABASE_OWNER_DSN_FILE. Ends with code 1 if a file is refused
or the database fails, with 2 if the command makes no sense.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import structlog

from services.concepts.failures import Failure
from services.kit import logs
from services.kit.clock import utc_now
from services.kit.ids import uuid7
from services.kit.postgres import pool
from services.kit.settings import OwnerSettings, load
from services.registry.load import contracts
from services.registry.load.loader import Loader
from services.registry.store import PostgresStore
from services.registry.wire import Travelling

log = structlog.get_logger()


async def load_files(dsn: str, files: Sequence[Path]) -> bool:
    """Load the files as the database's owner; whether none was refused."""
    async with pool(dsn, name="registry-load", most=1) as opened:
        form = Travelling()
        return await Loader(PostgresStore(opened, form), form, uuid7, utc_now).load(files)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="services.registry.load",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--shipped-contracts", action="store_true")
    arguments = parser.parse_args()
    files = [*arguments.files, *(contracts.shipped_files() if arguments.shipped_contracts else [])]
    if not files:
        parser.error("name a file, or --shipped-contracts")
    settings = load(OwnerSettings)
    logs.configure(settings.log_level, service="registry")
    try:
        accepted = asyncio.run(load_files(settings.database_owner_dsn, files))
    except (Failure, asyncpg.PostgresError, OSError) as fault:
        # PostgreSQL's own text may quote a row.
        state = {"sqlstate": fault.sqlstate} if isinstance(fault, asyncpg.PostgresError) else {}
        log.error("load failed", fault=type(fault).__name__, **state)
        sys.exit(1)
    sys.exit(0 if accepted else 1)


if __name__ == "__main__":
    main()
