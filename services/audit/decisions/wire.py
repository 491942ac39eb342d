"""Decision notices, as they travel."""

import re
from uuid import UUID

from cbss.audit.v1 import decision_notice_service_pb2 as pb

from services.audit.decisions.model import DecisionPage, SeenDecision, ToldDecision, UsedFact
from services.audit.trail.model import Page
from services.audit.trail.wire.acts import CallActs
from services.audit.trail.wire.citizens import DEFAULT_PAGE, LARGEST_PAGE
from services.audit.trail.wire.inquiries import Reader
from services.audit.trail.wire.records import decode_identification
from services.concepts.citizen import OWN_RIGHT, Citizen
from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import invalid
from services.concepts.ssin import parse_ssin
from services.wire import values

MOST_FACTS = 50
_ADDRESS = re.compile(r"https://([a-z0-9.-]+)(/[A-Za-z0-9/._~-]*)?")
_PERSON = re.compile(r"[0-9]{11}")
LONGEST_ADDRESS = 256
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


def decode_record_decision(request: pb.RecordDecisionRequest) -> ToldDecision:
    """A decision as it is handed over; fails naming the first field that is wrong."""
    decision_id = decode_identification(request.decision_id, "decision_id")
    person = parse_ssin(request.ssin)
    decision = request.decision
    if _CODE.fullmatch(decision.right) is None:
        raise invalid("decision.right", "must be 1 to 64 capitals, digits or `_`, a capital first")
    if decision.outcome not in pb.DecisionOutcome.values() or not decision.outcome:
        raise invalid("decision.outcome", "must be told")
    if not 1 <= len(decision.facts_used) <= MOST_FACTS:
        raise invalid("decision.facts_used", f"must be 1 to {MOST_FACTS}")
    facts = [_fact(fact, f"decision.facts_used[{n}]") for n, fact in enumerate(decision.facts_used)]
    address = decision.legal_means_url
    found = _ADDRESS.fullmatch(address)
    if len(address) > LONGEST_ADDRESS or found is None or _PERSON.search(address):
        raise invalid("decision.legal_means_url", "must be an https address, of no person's own")
    # Made anew of what was looked at: nothing else that a message may hold is kept.
    kept = pb.Decision(
        right=decision.right,
        outcome=decision.outcome,
        facts_used=map(_fact_message, facts),
        legal_means_url=address,
    )
    content = kept.SerializeToString(deterministic=True)
    return ToldDecision(decision_id, person, content, tuple(facts), found[1])


def decode_acts(reader: Reader, decision_id: UUID) -> CallActs:
    """What makes the records of an act about a decision."""
    return CallActs(reader, decision_id)


def decode_readings(reader: Reader, asking: Citizen) -> CallActs:
    """What makes the record of a citizen's reading."""
    return CallActs(reader, reader.call.ticket, OWN_RIGHT, asking.ssin)


def decode_page(request: pb.ListMyDecisionsRequest, reader: Reader) -> Page:
    """Which page is asked."""
    return reader.page(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)


def encode_list_my_decisions_response(
    shown: DecisionPage, reader: Reader
) -> pb.ListMyDecisionsResponse:
    """A citizen's page."""

    def notice(seen: SeenDecision) -> pb.DecisionNotice:
        number = seen.kept.told.organization.digits
        made = pb.DecisionNotice(
            decision_id=str(seen.kept.told.decision_id),
            cbe_number=number,
            name=shown.names.get(number, ""),
            decision=pb.Decision.FromString(seen.content),
        )
        made.recorded_at.FromDatetime(seen.kept.recorded_at)
        return made

    return pb.ListMyDecisionsResponse(
        notices=map(notice, shown.seen), next_page_token=reader.token(shown.after)
    )


def _fact(fact: pb.UsedFact, path: str) -> UsedFact:
    fields = f"{path}.data_contract", f"{path}.contract_version"
    contract = parse_contract_name(fact.data_contract, 0, fields=fields)
    source = parse_enterprise_number(fact.source_cbe_number, field=f"{path}.source_cbe_number")
    return UsedFact(contract.code, source, values.decode_day(fact.as_of_date, f"{path}.as_of_date"))


def _fact_message(fact: UsedFact) -> pb.UsedFact:
    return pb.UsedFact(
        data_contract=fact.data_contract,
        source_cbe_number=fact.source.digits,
        as_of_date=values.encode_day(fact.as_of),
    )
