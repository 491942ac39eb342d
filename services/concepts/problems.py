"""What is wrong in a file that people write or that is loaded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong: the field and what is expected; never what stands there, which may be about
    a person."""

    field: str
    """Its path, for example `organizations[3].cbe_number`; empty when it is not one field."""
    description: str
    line: int | None = None
    """From 1; 0 where it is no line's, nothing where the field tells."""
    file: str = ""
    """Empty where all is about one file."""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line or 0}: {self.field}".removesuffix(": ")
        return f"{where}: {self.description}"
