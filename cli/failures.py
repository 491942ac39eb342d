"""What a person is told instead of an answer, and the code with which the command then ends."""

DONE, REFUSED, NONSENSE, UNEXPECTED, INTERRUPTED = 0, 1, 2, 70, 130
"""The codes: done; refused or not as it should be; the command makes no sense; a fault of the
command itself; interrupted."""


class Refusal(Exception):
    """What was asked for is not done; the lines say why."""

    code = REFUSED

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Nonsense(Refusal):
    """The command makes no sense as it was given."""

    code = NONSENSE


class NoMesh(Refusal):
    """Nothing says where a mesh is."""
