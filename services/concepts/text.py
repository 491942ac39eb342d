"""What people read, in the three official languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One thing in Dutch, French and German. Exists only if it is told in all three."""

    nl: str
    fr: str
    de: str

    def __post_init__(self) -> None:
        if not (self.nl and self.fr and self.de):
            raise ValueError("must be told in all three languages")
