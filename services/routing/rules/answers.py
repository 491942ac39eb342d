"""Judging what sources answer, and merging it into one outcome.

A source is trusted for its own data and nothing else: an answer about another person, of another
type, or with undeclared fields is a failure of that source, and nothing of it goes further.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.concepts.ssin import Ssin
from services.concepts.status import Status, StatusValue, status
from services.concepts.subject import Subject, SubjectKind, kind_of
from services.routing.model import ContractSource, Payload, Plan, SourceAnswer
from services.routing.rules.breaking import SOURCE_AWAY, SOURCE_BUSY
from services.routing.rules.filtering import covered_paths, cut, hide, tree
from services.routing.rules.payloads import Unreadable, read

# Bounds of the official common schema; those on elements and on where it goes on are ours.
MOST_INFORMATION = 15
MOST_ELEMENTS = 256
LONGEST_NEXT = 512
_NEXT = re.compile(rf"[A-Za-z0-9_.:=+/-]{{0,{LONGEST_NEXT}}}")
_CODE = re.compile(r"[A-Za-z0-9_]{1,16}")
_ELEMENT = re.compile(r"[A-Za-z0-9_.]{1,256}")
SOURCE_VALUES = frozenset(
    {
        StatusValue.DATA_FOUND,
        StatusValue.NO_DATA_FOUND,
        StatusValue.NO_RESULT,
        StatusValue.TECHNICAL_ERROR,
    }
)
SEEN_BY_THE_MESH = "CBSS20001"
"""The code of a failure that the mesh itself saw; no source says it of itself."""
REASON = "reason"
"""The fact by which such a failure says what it was."""


NOBODY_THERE = frozenset({"PEER_UNAVAILABLE", "DEADLINE_SPENT", SOURCE_AWAY, SOURCE_BUSY})
"""What went wrong with a source that may well answer a moment later."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a source sent, before it is judged."""

    ssin: str
    status: Status | None
    """Nothing if it has a value that no outcome has."""
    payload: Payload | None
    ticket: str
    received_at: datetime | None
    replied_at: datetime | None
    filtered: tuple[str, ...]
    cbe_number: str = ""
    next: str = ""
    unsupported: tuple[str, ...] = ()


def is_whole(given: Iterable[SourceAnswer]) -> bool:
    """Whether asking again, later or further, would bring nothing more."""
    return not any(one.next or one.trouble in NOBODY_THERE for one in given)


def judge(
    reply: Reply, source: ContractSource, subject: Subject, plan: Plan, duration: timedelta
) -> SourceAnswer:
    """The reply as an answer to be passed on, cut to what is granted; or that source's failure."""
    told = reply.status
    if (reply.ssin, reply.cbe_number) != numbers_of(subject):
        return failed_answer(source, duration, OTHER[kind_of(subject)])
    if told is None or not _usable(told, reply):
        return failed_answer(source, duration, "ANSWER_INVALID")
    payload, denied = reply.payload, frozenset[str]()
    if payload is not None:
        granted = _granted(payload, plan)
        if isinstance(granted, str):
            return failed_answer(source, duration, granted)
        payload, denied = granted
    return SourceAnswer(
        source,
        told,
        payload,
        reply.ticket,
        reply.received_at,
        reply.replied_at,
        cut=denied.union(reply.filtered),
        next=reply.next,
        unsupported=covered_paths(reply.unsupported, tree(plan.granted.fields)),
        duration=duration,
    )


OTHER = {
    SubjectKind.PERSON: "OTHER_PERSON",
    SubjectKind.ENTERPRISE: "OTHER_ENTERPRISE",
    SubjectKind.ESTABLISHMENT: "OTHER_ESTABLISHMENT",
}
"""Why an answer is not passed on that is about somebody else."""


def numbers_of(subject: Subject) -> tuple[str, str]:
    """How a source is told of a person, or of an enterprise or establishment; and repeats it."""
    return (subject.digits, "") if isinstance(subject, Ssin) else ("", subject.digits)


def _usable(told: Status, reply: Reply) -> bool:
    code, said = told.code, told.information
    # Official answers say DATA_FOUND too where none of the parts that were asked holds anything.
    return (
        code.value in SOURCE_VALUES
        and (reply.payload is None or code.value is StatusValue.DATA_FOUND)
        and _CODE.fullmatch(code.code) is not None
        and code.code != SEEN_BY_THE_MESH
        and len(code.description) <= 256
        and len(said) <= MOST_INFORMATION
        and all(len(name) <= 64 and len(value) <= 256 for name, value in said)
        and _are_elements(reply.filtered)
        and _are_elements(reply.unsupported)
        and _NEXT.fullmatch(reply.next) is not None
        and (not reply.next or code.value is StatusValue.DATA_FOUND)
    )


def _are_elements(paths: Sequence[str]) -> bool:
    return len(paths) <= MOST_ELEMENTS and all(_ELEMENT.fullmatch(path) for path in paths)


def _granted(sent: Payload, plan: Plan) -> tuple[Payload, frozenset[str]] | str:
    """What is granted of a payload, and the paths that are not; or what is wrong with it."""
    if sent.type_name != plan.contract.result_type:
        return "OTHER_TYPE"
    try:
        message = read(sent, plan.contract)
    except Unreadable:
        return "DATA_UNREADABLE"
    granted = tree(plan.granted.fields)
    went = cut(message, granted)
    if not plan.granted.undisclosable_addresses:
        went |= hide(message, plan.contract.types.hiding)
    cut_to = Payload(sent.type_name, message.SerializeToString()) if went else sent
    return cut_to, plan.contract.types.denied(sent.type_name, plan.granted.fields)


def failed_answer(source: ContractSource, duration: timedelta, trouble: str) -> SourceAnswer:
    """The answer of a source that gave none that can be used."""
    told = status(SEEN_BY_THE_MESH, (REASON, trouble))
    return SourceAnswer(source, told, duration=duration, trouble=trouble)


def unaware_of(plan: Plan) -> list[SourceAnswer]:
    """The answers of the sources that are not asked, for they have not integrated the person."""
    return [plan.contract.unaware[source.supplier.cbe_number] for source in plan.unaware]


def in_catalogue_order(answers: Iterable[SourceAnswer], plan: Plan) -> tuple[SourceAnswer, ...]:
    """The answers, the most authentic source first."""
    ranks = plan.contract.ranks
    return tuple(sorted(answers, key=lambda answer: ranks[answer.source.supplier.cbe_number]))


def merged_status(answers: Sequence[SourceAnswer], plan: Plan) -> Status:
    """The outcome of the whole. Nobody may grant or refuse a right on an incomplete set."""
    if not plan.asked:
        return status("MSG00021")
    values = {answer.status.code.value for answer in answers}
    if values & {StatusValue.TECHNICAL_ERROR, StatusValue.NO_RESULT}:
        return status("HAN20200")
    if any(answer.next for answer in answers):
        return status("MSG00002")
    code = "MSG00000" if StatusValue.DATA_FOUND in values else "MSG00100"
    # What sources say beside their status concerns the customer as much as the source.
    said = dict.fromkeys(pair for answer in answers for pair in answer.status.information)
    return status(code, *list(said)[:MOST_INFORMATION])


def merged_cut(answers: Iterable[SourceAnswer]) -> tuple[str, ...]:
    """What was cut from any answer, sorted."""
    return tuple(sorted({path for answer in answers for path in answer.cut}))
