"""What people read of a refusal: `data/words.yaml`, checked when the service starts."""

from collections.abc import Mapping
from functools import cache

from services.concepts import written
from services.concepts.dated import load
from services.concepts.text import Text
from services.rights.model.wording import Sentence, Wording
from services.rights.model.words import TESTS

CONDITIONS = frozenset(
    {"has", "has_in", "too_young", "too_old", "out_of_age", "income", "household", "alone"}
    | {"excluded", "other"}
)
LIMITS = frozenset({"below", "further", "at_least"})


class _Sentence(written.Part):
    said: Text
    remedy: Text


class _File(written.Part):
    conditions: Mapping[str, _Sentence]
    tests: Mapping[str, Text]
    limits: Mapping[str, Text]


@cache
def wording() -> Wording:
    """The words that the service comes with."""
    file = load("services.rights", "data/words.yaml", _File)
    for known, told in (
        (CONDITIONS, file.conditions),
        (frozenset(TESTS), file.tests),
        (LIMITS, file.limits),
    ):
        if known != told.keys():
            raise ValueError(f"words.yaml must tell {', '.join(sorted(known ^ told.keys()))}")
    conditions = {name: Sentence(one.said, one.remedy) for name, one in file.conditions.items()}
    return Wording(conditions, file.tests, file.limits)
