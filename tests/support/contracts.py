"""The data contracts that the project ships, as registered, and what access makes of them."""

from functools import cache

from services.access.load.contracts import known_contracts
from services.concepts.reference import Reference
from services.concepts.reviewed import read_yaml
from services.registry.load import contracts


@cache
def shipped_contracts():
    """They by name and version."""
    read = [contracts.read(read_yaml(path).plain) for path in contracts.shipped_files()]
    return {one.name: one for one in read}


@cache
def shipped_reference(*organizations):
    """What a registry holds that has loaded them, with some organizations."""
    known = {one.cbe_number: one for one in organizations}
    return Reference(1, b"", known, shipped_contracts())


@cache
def grantable_contracts():
    """The contracts on which a deliberation can be written."""
    return known_contracts(shipped_reference())
