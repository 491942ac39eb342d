"""The name of a kind of data that can be consulted (Dutch: soort informatie, dienst)."""

import re
from dataclasses import dataclass

from services.concepts.failures import invalid

_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
HIGHEST_VERSION = 9999


@dataclass(frozen=True, slots=True, order=True)
class ContractName:
    """A data contract in one version, for example HANDICAP version 1."""

    code: str
    version: int

    def __str__(self) -> str:
        return f"{self.code}/{self.version}"


def parse_contract_name(
    code: str, version: int, *, fields: tuple[str, str] = ("data_contract", "contract_version")
) -> ContractName:
    """The contract that a code and a version name, 0 meaning version 1; fails naming the field."""
    if _CODE.fullmatch(code) is None:
        description = "must be 1 to 64 capitals, digits or `_`, a capital first"
        raise invalid(fields[0], description)
    if not 0 <= version <= HIGHEST_VERSION:
        raise invalid(fields[1], "must be 0 to 9999")
    return ContractName(code, version or 1)
