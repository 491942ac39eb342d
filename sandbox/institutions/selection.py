"""What of a result belongs to a question: the days and the criteria that its contract knows.

A source of a real kind would also leave out what the customer may not see; these leave it in, so
that the mesh shows that it cuts.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cbss.data.v1 import handicap_pb2, legal_person_data_pb2
from google.protobuf.message import Message

from sandbox.institutions.contracts import (
    DMFA,
    EMPLOYER_DIRECTORY,
    EMPLOYMENT_RELATIONS,
    FAMILY_COMPOSITION,
    HANDICAP,
    HANDICAP_PAYMENTS,
    LEGAL_PERSON_DATA,
    LIVING_WAGE,
    SELF_EMPLOYED_CAREER,
    SOCIAL_STATUS,
    TAX_ASSESSMENT,
)

FIRST, LAST = 0, 99_999_999
"""Days as numbers, so that a day that no calendar has compares like any other."""

Span = tuple[int, int]


def ordinal(day: Any) -> int:
    """A day as a number: yyyymmdd."""
    year: int = day.year
    month: int = day.month
    of_month: int = day.day
    return year * 10_000 + month * 100 + of_month


def span(period: Any) -> Span:
    """The first and the last day of a period, as numbers."""
    last = ordinal(period.end_date) if period.HasField("end_date") else LAST
    return ordinal(period.begin_date), last


def _year(year: Any) -> Span:
    return year.year * 10_000, year.year * 10_000 + 9_999


def _membership(member: Any) -> Span:
    last = ordinal(member.until_date) if member.HasField("until_date") else LAST
    return ordinal(member.from_date), last


def _told(period: Any) -> Span:
    """The days of a period that may lack either end."""
    begin = ordinal(period.begin_date) if period.HasField("begin_date") else FIRST
    return begin, ordinal(period.end_date) if period.HasField("end_date") else LAST


_TWO_YEARS = 20_000


def _paid(payment: Any) -> Span:
    """A payment is told for two years: the bank tells those of 24 months."""
    begin, end = _told(payment.period)
    return begin, min(end + _TWO_YEARS, LAST)


def _relation(relation: Any) -> Span:
    return _told(relation.declaration)


def _quarter(attestation: Any) -> Span:
    """The days of a quarter, `yyyyq` or `yyyyQq`, and the two years in which it is asked for."""
    written = attestation.declaration.quarter
    if not written[:4].isdecimal() or written[-1:] not in ("1", "2", "3", "4"):
        return FIRST, LAST
    year, quarter = int(written[:4]) * 10_000, int(written[-1])
    return year + quarter * 300 - 200, year + quarter * 300 + 99 + _TWO_YEARS


def _affiliation(affiliation: Any) -> Span:
    spans = [_told(one.period) for one in affiliation.periods] or [(FIRST, LAST)]
    return min(begin for begin, _ in spans), max(end for _, end in spans)


DATED: Mapping[str, tuple[str, Callable[[Any], Span]]] = {
    LIVING_WAGE: ("years", _year),
    FAMILY_COMPOSITION: ("members", _membership),
    HANDICAP_PAYMENTS: ("payments", _paid),
    EMPLOYMENT_RELATIONS: ("relations", _relation),
    DMFA: ("attestations", _quarter),
    SELF_EMPLOYED_CAREER: ("affiliations", _affiliation),
}
"""The contracts in which the days of the question choose: the elements, and their days."""


def always(contract: str, result: Message) -> Span:
    """Days to touch at both ends in order to have the whole: the latest begin, the earliest end."""
    if contract not in DATED:
        return FIRST, LAST
    field, days = DATED[contract]
    spans = [days(element) for element in getattr(result, field)]
    return (
        max((begin for begin, _ in spans), default=FIRST),
        min((end for _, end in spans), default=LAST),
    )


def within(contract: str, result: Any, asked: Span) -> Any:
    """A copy of the result with what overlaps the days asked; None if nothing does."""
    field, days = DATED[contract]
    copy = type(result)()
    copy.CopyFrom(result)
    kept = [
        element
        for element in getattr(result, field)
        if days(element)[0] <= asked[1] and days(element)[1] >= asked[0]
    ]
    copy.ClearField(field)
    getattr(copy, field).extend(kept)
    return copy if kept else None


PAGED: Mapping[str, tuple[str, int]] = {EMPLOYER_DIRECTORY: ("establishments", 2)}
"""The contracts that are answered by page: the elements, and how many of them make a page."""


def page(contract: str, result: Any, begin: str) -> tuple[Any, str] | None:
    """A page of the result, and where the next begins, which is nowhere if empty; None if there is
    no such page. What is not listed is in the first page only."""
    field, size = PAGED[contract]
    listed, at = getattr(result, field), int(begin) if begin.isdecimal() else 0
    if begin and not 0 < at < len(listed):
        return None
    made = type(result)()
    if at == 0:
        made.CopyFrom(result)
        made.ClearField(field)
    getattr(made, field).extend(listed[at : at + size])
    return made, str(at + size) if at + size < len(listed) else ""


def choose(contract: str, result: Any, criteria: Any) -> Any:
    """A copy of the result with what the criteria choose; None if nothing is left."""
    choose = _CHOOSERS.get(contract)
    if choose is None:
        return result
    copy = type(result)()
    copy.CopyFrom(result)
    choose(copy, criteria)
    return copy if copy.ListFields() else None


def _parts(file: Any, criteria: Any) -> None:
    _keep(file, criteria.parts, _PART_FIELDS)


def _groups(data: Any, criteria: Any) -> None:
    _keep(data, criteria.groups, _GROUP_FIELDS)


def _statuses(statuses: Any, criteria: Any) -> None:
    held = {one.name: one for one in statuses.statuses}
    names = [asked.name for asked in criteria.statuses]
    del statuses.statuses[:]
    statuses.statuses.extend(held[name] for name in names or held if name in held)


def _keep(message: Any, wanted: Iterable[int], fields: Mapping[int, tuple[str, ...]]) -> None:
    names = {name for choice in wanted for name in fields.get(choice, ("",))}
    for listed in fields.values() if names else ():
        for field in listed:
            if field not in names:
                message.ClearField(field)


_PART_FIELDS: Mapping[int, tuple[str, ...]] = {
    handicap_pb2.HANDICAP_PART_EVOLUTION_OF_REQUEST: ("evolution_of_request",),
    handicap_pb2.HANDICAP_PART_HANDICAP_RECOGNITIONS: ("handicap_recognitions",),
    handicap_pb2.HANDICAP_PART_RIGHTS: ("rights",),
    handicap_pb2.HANDICAP_PART_SOCIAL_CARDS: ("social_cards",),
}


def _assessed(assessment: Any, criteria: Any) -> None:
    if criteria.income_year and criteria.income_year != assessment.income_year:
        assessment.Clear()
    if criteria.codes:
        kept = [item for item in assessment.items if item.code in criteria.codes]
        del assessment.items[:]
        assessment.items.extend(kept)


def _employed(held: Any, criteria: Any) -> None:
    if criteria.employer_cbe_number:
        _retain(held.relations, lambda one: one.employer.cbe_number == criteria.employer_cbe_number)


def _declared(held: Any, criteria: Any) -> None:
    first = criteria.first_quarter.replace("Q", "")
    last = criteria.last_quarter.replace("Q", "") or first
    if first:
        _retain(held.attestations, lambda one: first <= one.declaration.quarter <= last)
    if criteria.latest_situation_only:
        _retain(held.attestations, lambda one: not one.next_situation_number)
    if criteria.employer_nsso_number:
        number = criteria.employer_nsso_number
        _retain(held.attestations, lambda one: one.declaration.nsso_number == number)


def _retain(elements: Any, belongs: Callable[[Any], bool]) -> None:
    kept = [one for one in elements if belongs(one)]
    del elements[:]
    elements.extend(kept)


_GROUPS = {
    "NAME": "name pseudonyms aliases name_changes noble_title",
    "BIRTH": "birth declared_birth country_of_origin",
    "DECEASE": "decease",
    "SEX": "sex sex_coded sex_changes",
    "CIVIL_STATE": "civil_state civil_states",
    "NATIONALITY": "nationalities plural_nationalities",
    "ADDRESS": "main_address undisclosed_addresses",
    "CONTACT_ADDRESS": "contact_address contact_addresses",
    "REGISTER": "registration provisional_registrations",
    "MANAGER": "managers",
    "OTHER_ADDRESS": "declared_changes residences_abroad declared_addresses_abroad"
    " postal_addresses_abroad stated_addresses reference_addresses temporary_addresses",
    "DESCENT": "descents descendants",
    "HOUSEHOLD": "reference_persons household_members",
    "LEGAL_COHABITATION": "legal_cohabitations",
    "DOCUMENT": "identity_documents passports driving_licences work_permits professional_cards",
    "STAY": "legal_stays refugee_type waiting_register",
    "ABSENCE": "temporary_absences absences",
    "PROTECTION": "protections representations",
    "BURIAL": "burial last_wishes",
    "FILE": "statuses pseudo_numbers referenced_files",
    "DECLARATION": "organ_donations voting_rights",
}
_GROUP_FIELDS: Mapping[int, tuple[str, ...]] = {
    legal_person_data_pb2.LegalPersonDataGroup.Value(f"LEGAL_PERSON_DATA_GROUP_{group}"): tuple(
        fields.split()
    )
    for group, fields in _GROUPS.items()
}
_CHOOSERS: Mapping[str, Callable[[Any, Any], None]] = {
    HANDICAP: _parts,
    LEGAL_PERSON_DATA: _groups,
    SOCIAL_STATUS: _statuses,
    TAX_ASSESSMENT: _assessed,
    EMPLOYMENT_RELATIONS: _employed,
    DMFA: _declared,
}
