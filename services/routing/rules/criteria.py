"""What the criteria of a question say to the mesh itself: whether the deliberation allows to ask
with them, and which sources the customer wants.

Everything else in them is between the customer and the source.
"""

from collections.abc import Collection

from services.concepts import criteria as criteria_limits
from services.concepts.criteria import CriterionLimit
from services.routing.model import DataContract, InvalidContent, Payload, Question
from services.routing.model.messages import Message
from services.routing.rules.payloads import Unreadable, read


def wanted_sources(
    question: Question, contract: DataContract
) -> Collection[str] | InvalidContent | None:
    """The codes of the sources that are wanted; nothing when all are.

    Criteria that are not the contract's, or hold fields it does not declare, are invalid content.
    """
    if question.criteria is None:
        return None
    criteria = _criteria(question.criteria, contract)
    if isinstance(criteria, InvalidContent) or not contract.source_field:
        return criteria if isinstance(criteria, InvalidContent) else None
    field = criteria.DESCRIPTOR.fields_by_name[contract.source_field]
    chosen = list(getattr(criteria, field.name))
    if field.enum_type is not None:
        names = {number: value.name for number, value in field.enum_type.values_by_number.items()}
        if any(names.get(number, "").endswith("_UNSPECIFIED") for number in chosen):
            return InvalidContent(f"criteria.{field.name}", "must not be unspecified")
        chosen = [names[number] for number in chosen]
    return frozenset(chosen) or None


def find_outside(
    question: Question, contract: DataContract, limits: Collection[CriterionLimit]
) -> str | InvalidContent | None:
    """The criterion that keeps to no limit of the deliberation; none if all do."""
    if not limits:
        return None
    criteria = None
    if question.criteria is not None:
        criteria = _criteria(question.criteria, contract)
        if isinstance(criteria, InvalidContent):
            return criteria
    return criteria_limits.find_outside(limits, criteria)


def _criteria(payload: Payload, contract: DataContract) -> Message | InvalidContent:
    if payload.type_name != contract.criteria_type:
        return InvalidContent("criteria", f"must be {contract.criteria_type or 'absent'}")
    try:
        return read(payload, contract)
    except Unreadable:
        return InvalidContent("criteria", "cannot be read as what it says it is")
