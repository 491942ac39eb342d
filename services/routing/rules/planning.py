"""Whether the exchange may go on and which sources are asked.

The checks stand in the order of the decision function: what concerns the requester comes first and
says nothing about the person, then the number, then the requester's integration, then the
sources'. The first that fails decides.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from services.concepts.criteria import CRITERIA_NOT_COVERED
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.resolved_enterprise import EnterpriseState, ResolvedEnterprise
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.ssin import Ssin
from services.concepts.status import status
from services.concepts.subject import SubjectKind, kind_of
from services.routing.model import (
    Catalogue,
    ContractSource,
    DataContract,
    InvalidContent,
    OnboardedOrganization,
    Plan,
    Question,
    Refusal,
)
from services.routing.model.findings import Granted, Known, Located, Resolved
from services.routing.rules.criteria import find_outside, wanted_sources

MOST_INTEGRATORS = 4
"""How many integrators a question goes through, this one among them (routing algorithm)."""


def plan(
    question: Question,
    catalogue: Catalogue,
    verdict: Granted | Denied,
    known: Resolved | None,
    caller: OnboardedOrganization | None = None,
) -> Plan | Refusal:
    """The sources to ask, or the status with which the exchange ends.

    `known` is absent exactly when the number is malformed; who knows the person is told of the
    number with which the question goes on, if there is one.
    """
    contract = _allowed(question, catalogue, verdict)
    if isinstance(contract, Refusal):
        return contract
    assert isinstance(verdict, Granted)
    off = _refuse_way(verdict, question, catalogue, caller)
    if off is not None:
        return off
    # Still of the requester alone: what the deliberation lets him ask, whoever the person is.
    outside = _refuse_criteria(question, contract, verdict)
    if outside is not None:
        return outside
    other = _named_otherwise(question, contract)
    if other is not None:
        return _refuse_content(verdict, other)
    if known is None:
        return _refusal(verdict, "MSG00011", "SSIN_MALFORMED")
    successor = None
    if isinstance(known, Known):
        successor = successor_of(question, catalogue, known.person)
        refused = None if successor else _refuse_number(verdict, known.person)
    else:
        refused = _refuse_unknown(verdict, known)
    if refused is not None:
        return refused
    wanted = wanted_sources(question, contract)
    if isinstance(question.period, InvalidContent):
        return _refuse_content(verdict, question.period)
    if isinstance(wanted, InvalidContent):
        return _refuse_content(verdict, wanted)
    if not isinstance(known, Known):
        # No dossier is looked for: the deliberation alone says who may ask, and who may send.
        refused = _refuse_ceased(verdict, contract, known)
        return refused or _pass_on(
            _choose_sources(verdict, contract, None, wanted), question, catalogue, caller
        )
    chosen = _refuse_person(verdict, contract, known) or _choose_sources(
        verdict, contract, known.located, wanted
    )
    if isinstance(chosen, Refusal):
        return chosen
    if successor is not None:
        chosen = replace(chosen, successor=successor)
    return _pass_on(chosen, question, catalogue, caller)


def _refuse_way(
    granted: Granted,
    question: Question,
    catalogue: Catalogue,
    caller: OnboardedOrganization | None,
) -> Refusal | None:
    """Nothing if the question came a way that it can have come."""
    if not question.via:
        return None
    if caller is None or not caller.is_integrator or question.via[-1] != caller.cbe_number:
        return _refuse_content(granted, InvalidContent("via", "must end with you, an integrator"))
    came_round = catalogue.own in question.via or len(set(question.via)) < len(question.via)
    return _refusal(granted, "CBSS11003", "CAME_ROUND") if came_round else None


def _pass_on(
    chosen: Plan,
    question: Question,
    catalogue: Catalogue,
    caller: OnboardedOrganization | None,
) -> Plan | Refusal:
    """The plan, in which no integrator is asked that the question came from."""
    if chosen.contract.is_plain:
        return _go_on(chosen, question)
    passed = set(question.via) | ({caller.cbe_number} if caller is not None else set())
    chosen = replace(
        chosen,
        asked=tuple(one for one in chosen.asked if not _came_through(one, passed)),
        unaware=tuple(one for one in chosen.unaware if not _came_through(one, passed)),
    )
    chosen = _go_on(chosen, question)
    if not any(one.supplier.is_integrator for one in chosen.asked):
        return chosen
    way = (*question.via, *(() if catalogue.own is None else (catalogue.own,)))
    if len(way) > MOST_INTEGRATORS:
        # To leave one out would be an answer that looks whole.
        return _refusal(chosen.granted, "CBSS11003", "INTEGRATORS_SPENT")
    return replace(chosen, via=way)


def _came_through(source: ContractSource, passed: Collection[EnterpriseNumber]) -> bool:
    return source.supplier.is_integrator and source.supplier.cbe_number in passed


def _go_on(chosen: Plan, question: Question) -> Plan:
    """The sources that are asked for a page: all for the first, then those that had more."""
    if not question.goes_on:
        return chosen
    asked = tuple(one for one in chosen.asked if one.supplier.cbe_number in question.goes_on)
    return replace(chosen, asked=asked, unaware=())


def refuse_question(
    question: Question, catalogue: Catalogue, verdict: Granted | Denied
) -> Refusal | None:
    """The status with which a question ends whoever the person is; none if it may be asked."""
    contract = _allowed(question, catalogue, verdict)
    if isinstance(contract, Refusal):
        return contract
    assert isinstance(verdict, Granted)
    return _refuse_criteria(question, contract, verdict) or _refuse_asked(
        question, contract, verdict
    )


def _allowed(
    question: Question, catalogue: Catalogue, verdict: Granted | Denied
) -> DataContract | Refusal:
    """The contract that is asked under, if a deliberation allows it and it is there."""
    if isinstance(verdict, Denied):
        return Refusal(
            status("MSG00013"), verdict.because, verdict.deliberation, verdict.snapshot_version
        )
    contract = catalogue.contracts.get(question.contract)
    return contract or _refusal(verdict, "MSG00013", "DATA_CONTRACT_UNKNOWN")


def _refuse_criteria(
    question: Question, contract: DataContract, verdict: Granted
) -> Refusal | None:
    outside = find_outside(question, contract, verdict.criteria)
    if isinstance(outside, InvalidContent):
        return _refuse_content(verdict, outside)
    if outside is not None:
        return _refusal(
            verdict, "MSG00013", CRITERIA_NOT_COVERED, ("fieldName", f"criteria.{outside}")
        )
    return None


def _refuse_asked(question: Question, contract: DataContract, verdict: Granted) -> Refusal | None:
    wanted = wanted_sources(question, contract)
    for asked in (question.period, wanted):
        if isinstance(asked, InvalidContent):
            return _refuse_content(verdict, asked)
    return None


def successor_of(question: Question, catalogue: Catalogue, person: ResolvedSsin) -> Ssin | None:
    """The number with which the question goes on, where its contract goes on at all.

    Both ways occur at the bank, by service: to stop with MSG00006 and the pair `newSSIN`, or to go
    on with the new number and report it beside the answer (official common schema, SsinResult).
    """
    contract = catalogue.contracts.get(question.contract)
    if contract is None or not contract.goes_on_when_replaced:
        return None
    return person.replaced_by


def _named_otherwise(question: Question, contract: DataContract) -> InvalidContent | None:
    """The field by which the question names something else than the contract is about."""
    wanted = contract.subject_kind
    if question.names_person:
        if wanted is SubjectKind.PERSON:
            return None
        return InvalidContent("ssin", f"the contract is about an {wanted.name.lower()}")
    if wanted is SubjectKind.PERSON:
        return InvalidContent("cbe_number", "the contract is about a person")
    if isinstance(question.enterprise, InvalidContent):
        return question.enterprise
    if kind_of(question.subject) is not wanted:
        return InvalidContent("cbe_number", f"the contract is about an {wanted.name.lower()}")
    return None


def _refuse_unknown(granted: Granted, enterprise: ResolvedEnterprise) -> Refusal | None:
    if enterprise.state is EnterpriseState.UNKNOWN:
        return _refusal(granted, "CBSS11001", "ENTERPRISE_UNKNOWN")
    return None


def _refuse_ceased(
    granted: Granted, contract: DataContract, enterprise: ResolvedEnterprise
) -> Refusal | None:
    if enterprise.state is not EnterpriseState.CEASED or contract.asks_about_deceased:
        return None
    ended_on = enterprise.ended_on
    told = () if ended_on is None else (("endDate", ended_on.isoformat()),)
    return _refusal(granted, "CBSS11002", "ENTERPRISE_CEASED", *told)


def _refuse_number(granted: Granted, person: ResolvedSsin) -> Refusal | None:
    if person.state is SsinState.REPLACED and person.replaced_by is not None:
        return _refusal(
            granted, "MSG00006", "SSIN_REPLACED", ("newSSIN", person.replaced_by.digits)
        )
    if person.state is not SsinState.ACTIVE:
        return _refusal(granted, "MSG00005", f"SSIN_{person.state.name}")
    return None


def _refuse_content(granted: Granted, content: InvalidContent) -> Refusal:
    field, said = ("fieldName", content.field), ("fieldValue", content.description)
    return _refusal(granted, "MSG00008", "CONTENT_INVALID", field, said)


def _refuse_person(granted: Granted, contract: DataContract, known: Known) -> Refusal | None:
    if not known.located.customer_quality_codes & granted.quality_codes:
        return _refusal(granted, "MSG00012", "CUSTOMER_NOT_INTEGRATED")
    # The day of decease is personal data: only who has integrated the person reads it.
    deceased_on = known.person.deceased_on
    if deceased_on is not None and not contract.asks_about_deceased:
        return _refusal(granted, "MSG00009", "PERSON_DECEASED", ("deceaseDate", str(deceased_on)))
    return None


def _choose_sources(
    granted: Granted,
    contract: DataContract,
    located: Located | None,
    wanted: Collection[str] | None,
) -> Plan:
    eligible = [
        source
        for source in contract.sources
        if source.supplier.place in granted.senders
        and (wanted is None or source.source_code in wanted)
    ]
    if located is None:
        return Plan(contract, granted, asked=_standing(eligible), unaware=())
    asked = tuple(source for source in eligible if _aware(source, located))
    unaware = tuple(source for source in eligible if not _aware(source, located))
    if not contract.is_plain:
        # Hundreds of bodies can be behind one institution: it stands for those that know nobody.
        managing = {source.managing for source in asked if source.managing is not None}
        unaware = _standing(source for source in unaware if source.managing not in managing)
    return Plan(contract, granted, asked, unaware)


def _standing(sources: Iterable[ContractSource]) -> tuple[ContractSource, ...]:
    """Each source, and for those behind a managing institution that institution once."""
    return tuple(dict.fromkeys(source.standing() for source in sources))


def _aware(source: ContractSource, located: Located) -> bool:
    return source.supplier.cbe_number in located.sources


def _refusal(granted: Granted, code: str, because: str, *facts: tuple[str, str]) -> Refusal:
    return Refusal(status(code, *facts), because, granted.deliberation, granted.snapshot_version)
