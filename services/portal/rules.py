"""What a browser may be led to, in which language, and which forms are a person's own."""

import hmac
import re
from collections.abc import Sequence

LANGUAGES = ("nl", "fr", "de", "en")
"""The official languages, and English."""
DEFAULT = "nl"
_OWN = re.compile(
    r"/(nl|fr|de|en)(/[a-z0-9-]+)*/?(\?[a-z]+=[A-Za-z0-9-]*(&[a-z]+=[A-Za-z0-9-]*)*)?"
)
_RANGE = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[a-zA-Z0-9-]+)?\s*(?:;\s*q=([0-9.]{1,5}))?\s*")


def leads_to(asked: str) -> str:
    """Where somebody comes back to: an address of ours, and his own page for anything else."""
    return asked if len(asked) <= 256 and _OWN.fullmatch(asked) else f"/{DEFAULT}/me"


def language_of(accepted: str, kept: str = "") -> str:
    """The language of a browser: the one that was chosen, or else the first that it accepts."""
    if kept in LANGUAGES:
        return kept
    weighed: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted.split(",")[:32]):
        found = _RANGE.fullmatch(part)
        if found and found[1].lower() in LANGUAGES:
            weighed.append((-_weight(found[2]), place, found[1].lower()))
    return min(weighed)[2] if weighed else DEFAULT


def is_own_form(given: str, expected: str, site: str, origins: Sequence[str], origin: str) -> bool:
    """Whether a form was sent from a page of this session: it brings the key of the session, and
    no browser says that it came from elsewhere."""
    if site not in ("", "same-origin") or origin not in ("", *origins):
        return False
    return hmac.compare_digest(given.encode(), expected.encode())


def _weight(text: str | None) -> float:
    try:
        return 1.0 if text is None else float(text)
    except ValueError:
        return 0.0
