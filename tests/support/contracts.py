"""The data contracts that the project ships, as they are registered."""

from functools import cache

from services.concepts.reviewed import read_yaml
from services.registry.load import contracts


@cache
def shipped_contracts():
    """They by name and version."""
    read = [contracts.read(read_yaml(path).plain) for path in contracts.shipped_files()]
    return {one.name: one for one in read}
