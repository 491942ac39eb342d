"""Whether a question about rights makes sense."""

from services.rights.model.law import Law
from services.rights.model.people import Question, Unusable


def unusable(law: Law, asked: Question) -> Unusable | None:
    """What is wrong with a question; nothing if it can be decided."""
    for at, name in enumerate(asked.rights):
        right = law.rights.get(name)
        if right is None:
            return Unusable(f"criteria.rights[{at}]", "is no right")
        if not any(version.holds_on(asked.day) for version in right.versions):
            return Unusable(f"criteria.rights[{at}]", "is no law on the day")
    return None
