"""The nouns of access: acts and all they say, organizations, questions, decisions."""

from services.access.model.acts import (
    EVERYTHING,
    Accession,
    DataBlock,
    Deliberation,
    Frequency,
    Kind,
    LegalBasis,
    Mode,
    PeriodRule,
    PersonCategories,
    Publication,
    Standing,
    Title,
)
from services.access.model.decisions import (
    ActVersion,
    Decided,
    Decision,
    Granted,
    Question,
    Reason,
    Refused,
)
from services.access.model.holdings import Holdings
from services.access.model.organizations import Claim, KnownOrganization, Party

__all__ = [
    "EVERYTHING",
    "Accession",
    "ActVersion",
    "Claim",
    "DataBlock",
    "Decided",
    "Decision",
    "Deliberation",
    "Frequency",
    "Granted",
    "Holdings",
    "Kind",
    "KnownOrganization",
    "LegalBasis",
    "Mode",
    "Party",
    "PeriodRule",
    "PersonCategories",
    "Publication",
    "Question",
    "Reason",
    "Refused",
    "Standing",
    "Title",
]
