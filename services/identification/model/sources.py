"""What the National Register tells: never kept, gone with the call."""

from dataclasses import dataclass

from services.identification.model.persons import Identity, Version


@dataclass(frozen=True, slots=True)
class Bearer:
    """A person whom the National Register knows: who it is, and the groups that it told."""

    identity: Identity
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """The National Register gave no usable answer."""

    because: str
