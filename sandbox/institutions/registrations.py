"""Which person is known at which source, so that the reference directory can be told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain
from pathlib import Path

from sandbox.institutions.errors import PlaceUnknown
from sandbox.institutions.known import is_registered, official_answers, silent
from sandbox.institutions.personas import SHIPPED, persona_answers
from services.concepts.lines import plain


@dataclass(frozen=True, slots=True, order=True)
class Registration:
    """A person in the files of a source, for one data contract."""

    ssin: str
    place: str
    """Sector and institution, for example `16.0`."""
    quality_code: str
    """Three digits: the quality in which the source knows the person."""
    contract: str


def registrations(
    messages: Path | None, personas: Path = SHIPPED, tell: Callable[[str], None] = silent
) -> list[Registration]:
    """All registrations that follow from the answers, in order, each once.

    A source that answers that it has nothing, or fails, still has the person in its files; one of
    which the official answer says that it has not integrated the person has not.
    """
    official = official_answers(messages, tell) if messages else ()
    return sorted(
        {
            Registration(
                known.ssin, known.place, quality(known.contract, known.place), known.contract
            )
            for known in chain(official, persona_answers(personas))
            if is_registered(known)
        }
    )


def quality(contract: str, place: str) -> str:
    """The first quality of a source that the data contract lists; PlaceUnknown if it lists none."""
    code = _qualities().get((contract, place))
    if code is None:
        raise PlaceUnknown(f"{contract} {place}")
    return code


@cache
def _qualities() -> Mapping[tuple[str, str], str]:
    folder = Path(str(files("services.registry"))) / "data" / "contracts"
    written = [plain(path.read_text("utf-8"))[0]["data_contract"] for path in folder.glob("*.yaml")]
    return {
        (contract["code"], str(supplier["sector_institution"])): str(supplier["quality_codes"][0])
        for contract in written
        for supplier in contract["suppliers"]
        if "quality_codes" in supplier
    }
