"""One simulated authentic source: `python -m sandbox.institutions.supplier`.

Listens with a certificate of the institutions' authority and answers the mesh's routing service
alone, whose certificate AUTHORITY_FILE vouches for.
"""

from itertools import chain

import structlog

from sandbox.institutions.answering import Source
from sandbox.institutions.callers import CALLERS, NATIONAL_REGISTER_CALLERS
from sandbox.institutions.contracts import NATIONAL_REGISTER
from sandbox.institutions.enterprises import enterprise_answers
from sandbox.institutions.faults import parse_fault
from sandbox.institutions.known import official_answers
from sandbox.institutions.personas import SHIPPED, persona_answers
from sandbox.institutions.servicer import service
from sandbox.institutions.settings import SourceSettings, SupplierSettings
from services.kit.serve import run, serve
from services.kit.settings import load

log = structlog.get_logger()


def source_of(settings: SourceSettings) -> Source:
    """The source that the settings describe, with all its answers read and made ready."""
    folder = settings.messages_directory
    official = official_answers(folder, log.warning) if folder else ()
    personas = persona_answers(settings.personas_file or SHIPPED)
    return Source(settings.place, chain(official, personas, enterprise_answers()))


async def main() -> None:
    """Read everything, then serve until told to stop."""
    settings = load(SupplierSettings)
    fault = parse_fault(settings.fault) if settings.fault else None
    callers = NATIONAL_REGISTER_CALLERS if settings.place == NATIONAL_REGISTER else CALLERS
    await serve(settings, [service(source_of(settings).respond, fault)], callers)


if __name__ == "__main__":
    run(main)
