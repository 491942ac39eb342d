"""Whether a question about registrations goes further, and the status with which it ends if not.

What concerns the caller comes first and says nothing about the person; then the number; then what
is asked. The first that fails decides. Sources: decision function of the mesh; the bank's status
codes; integration service, rules on the number and on proofs.
"""

from dataclasses import dataclass
from datetime import date

from services.admission.model import Granted
from services.concepts.decision import Denied
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.status import Status, StatusValue, status
from services.directory.model import Asked, CheckedProof, Proof, ProofVerdict, QualityCode
from services.directory.rules.registering import FAR_FUTURE, Change


@dataclass(frozen=True, slots=True)
class Refusal:
    """The question ends here."""

    status: Status
    because: str
    """For the trail."""


def refuse_caller(verdict: Granted | Denied, *, is_open: bool) -> Refusal | None:
    """Nothing if a deliberation allows it, in a register that is open to the caller."""
    if isinstance(verdict, Denied):
        return Refusal(status("MSG00013"), verdict.because)
    return None if is_open else Refusal(status("CBSS10003"), "REGISTER_NOT_OPEN")


def refuse_person(asked: Asked, person: ResolvedSsin | None) -> Refusal | None:
    """Nothing if the number is one that is used. Decease is no obstacle: survivors have rights."""
    if asked.person is None or person is None:
        return Refusal(status("MSG00011"), "SSIN_MALFORMED")
    if person.state is SsinState.REPLACED and person.replaced_by is not None:
        successor = ("newSSIN", person.replaced_by.digits)
        return Refusal(status("MSG00006", successor), "SSIN_REPLACED")
    if person.state is not SsinState.ACTIVE:
        return Refusal(status("MSG00005"), f"SSIN_{person.state.name}")
    return None


def refuse_quality(
    quality: QualityCode, verdict: Granted | Denied, *, is_listed: bool
) -> Refusal | None:
    """Nothing if the quality is one of the sector's and one that the deliberation names."""
    if not is_listed:
        return refuse_content("quality_code", "is no quality of the customer's sector")
    if isinstance(verdict, Denied) or quality not in verdict.quality_codes:
        return Refusal(status("MSG00013"), "QUALITY_NOT_COVERED")
    return None


def refuse_content(field: str, description: str) -> Refusal:
    """The content makes no sense."""
    said = ("fieldName", field), ("fieldValue", description)
    return Refusal(status("MSG00008", *said), "CONTENT_INVALID")


def refuse_period(begin: date, end: date | None, today: date) -> Refusal | None:
    """Nothing if a registration can have these days."""
    if end is not None and end < begin:
        return refuse_content("period.end_date", "must not be before the first day")
    if begin > today + FAR_FUTURE:
        return refuse_content("period.begin_date", "must not be more than a year ahead")
    return None


def refuse_nothing(change: Change) -> Refusal | None:
    """Nothing if there is a registration to be ended."""
    return None if change.standing else Refusal(status("CBSS10004"), "NOT_REGISTERED")


def refuse_missing_proof(proof: Proof) -> Refusal | None:
    """Nothing if there is a proof of identity to be checked."""
    if proof.is_whole:
        return None
    return refuse_content("proof", "must hold a card number, or a last name and a date of birth")


def refuse_proof(checked: CheckedProof) -> Refusal | None:
    """Nothing if the proof agrees with the register. Which part of it differs is never told."""
    if checked.verdict is ProofVerdict.AGREES:
        return None
    if checked.verdict is ProofVerdict.DIFFERS:
        return Refusal(status("CBSS10001"), "PROOF_DIFFERS")
    return Refusal(status("CBSS10002"), why_unverifiable(checked))


def why_unverifiable(checked: CheckedProof) -> str:
    """Why a proof cannot be checked: the National Register does not answer, or nobody is known."""
    answer = checked.register
    is_away = answer is not None and answer.code.value is StatusValue.TECHNICAL_ERROR
    return "NATIONAL_REGISTER_AWAY" if is_away else "PROOF_UNVERIFIABLE"


def outcome_of(checked: CheckedProof) -> Status:
    """How it ended that the registers were asked: they agree, or nothing of them is told."""
    match checked.verdict:
        case ProofVerdict.AGREES:
            return status("MSG00000")
        case ProofVerdict.DIFFERS:
            return status("MSG00100")
    return status("CBSS10002")
