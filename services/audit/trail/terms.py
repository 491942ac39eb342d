"""The terms of the duty to correct, as `data/duties.yaml` holds them, checked when the service
starts."""

from functools import cache

from services.audit.trail.model.deliveries import Term
from services.concepts import written
from services.concepts.dated import Versions, load


class _File(written.Part):
    terms: Versions[Term]


@cache
def terms() -> Versions[Term]:
    """The terms that the service comes with."""
    return load("services.audit", "data/duties.yaml", _File).terms
