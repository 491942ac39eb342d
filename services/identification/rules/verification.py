"""Whether what somebody shows of an identity is so.

Source: identification service, type VerificationData: a card number, or personal data that match
exactly; 12007001 says that the identity is validated, 22007007 that fields differ.
"""

from datetime import date

from services.identification.model.persons import IdentityProof, Shown
from services.identification.model.searches import Reason
from services.identification.rules.searching import ARGUMENT_MISSING
from services.identification.rules.spelling import folded

VALIDATED = "12007001"
DIFFERS = "22007007"


def faults(proof: IdentityProof) -> list[Reason]:
    """What is missing to verify anything; nothing if there is enough."""
    if proof.card_number is None and not proof.last_name:
        return [Reason(ARGUMENT_MISSING, "proof.card_number", "a card number or personal data")]
    if proof.last_name and proof.birth is None:
        return [Reason(ARGUMENT_MISSING, "proof.birth_date", "is required with a name")]
    return []


def differing_fields(proof: IdentityProof, shown: Shown, today: date) -> list[str]:
    """The fields of the proof that are not so; `ssin` alone if nobody is known by the number.

    Exactly means the same letters: signs, case and spaces are how a form was filled in.
    """
    known = shown.identity
    if known is None:
        return ["ssin"]
    wrong = []
    if proof.card_number is not None and not _valid(proof, shown, today):
        wrong.append("card_number")
    if proof.last_name and _letters(proof.last_name) != _letters(known.last_name):
        wrong.append("last_name")
    if proof.first_name and not any(
        _letters(proof.first_name) == _letters(name)
        for name in (*known.first_names[:1], " ".join(known.first_names))
    ):
        wrong.append("first_name")
    if proof.birth is not None and proof.birth != known.birth:
        wrong.append("birth_date")
    return wrong


def given_fields(proof: IdentityProof) -> list[str]:
    """The fields that the proof shows."""
    shown = {
        "card_number": proof.card_number is not None,
        "last_name": bool(proof.last_name),
        "first_name": bool(proof.first_name),
        "birth_date": proof.birth is not None,
    }
    return [field for field, is_shown in shown.items() if is_shown]


def reasons(fields: list[str]) -> list[Reason]:
    """What a verification says: validated, or each field that differs."""
    if not fields:
        return [Reason(VALIDATED, "", "the identity is validated")]
    return [Reason(DIFFERS, field, "differs") for field in fields]


def _valid(proof: IdentityProof, shown: Shown, today: date) -> bool:
    assert proof.card_number is not None
    if proof.card_number not in shown.cards:
        return False
    until = shown.cards[proof.card_number]
    return until is None or today <= until


def _letters(name: str) -> str:
    return folded(name).replace(" ", "")
