"""The organizations of the network as an archive of the registry has them: what they are called,
and the volumes that they announced."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from services.audit.oversight.model.thresholds import Estimates
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.reference import Organization
from services.wire.references import decode_archive

Members = Mapping[EnterpriseNumber, Organization]
"""Organizations by their number."""


def members(archive: Path | None) -> Members:
    """Those in an archive; nobody without one, and then no volume is judged."""
    if archive is None:
        return {}
    _, reference = decode_archive(archive.read_bytes())
    return reference.organizations


def names_of(known: Members) -> Mapping[str, str]:
    """What they are called, by the digits of their numbers."""
    return {number.digits: one.name for number, one in known.items()}


def estimates(known: Members) -> Estimates:
    """The exchanges an hour by institution and purpose, all data contracts together."""
    expected: Counter[tuple[str, str]] = Counter()
    for number, one in known.items():
        for told in one.onboarding.expectations:
            expected[number.digits, told.legal_context] += told.hourly
    return expected
