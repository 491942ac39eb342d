"""Examining decisions: explain one, try a draft on what was asked, replay what was logged."""

from collections.abc import Mapping
from datetime import UTC, date
from enum import StrEnum
from typing import Annotated, Any

import typer
from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.access.v1 import deliberation_service_pb2_grpc as rpc
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from cli.calling import ask, ask_all
from cli.failures import Nonsense, Refusal
from cli.identity import Identity
from cli.mesh import Mesh
from cli.people import OPERATOR, AsEither
from cli.values import (
    FileArgument,
    ReasonOption,
    encode_day,
    encode_period,
    parse_criteria,
    parse_day,
    parse_place,
    read_text,
)
from cli.words import plain, say, say_json
from services.kit.clock import belgian_day, utc_now
from services.wire import decisions

STUB = rpc.DeliberationServiceStub


class Mode(StrEnum):
    """How is asked."""

    ONLINE = "ONLINE"
    BATCH = "BATCH"
    PUSH = "PUSH"


def explain(
    mesh: Mesh,
    organization: Annotated[
        str, typer.Argument(help="Who asks: its name in the profile, or its enterprise number.")
    ],
    legal_context: Annotated[str, typer.Argument(help="For which purpose.")],
    contract: Annotated[str, typer.Argument(help="Which data contract.")],
    mode: Annotated[Mode, typer.Option(case_sensitive=False, help="How it is asked.")] = (
        Mode.ONLINE
    ),
    begin: Annotated[
        Any,
        typer.Option("--from", parser=parse_day, metavar="DAY", help="The first day asked; today."),
    ] = None,
    end: Annotated[
        Any,
        typer.Option(
            "--until", parser=parse_day, metavar="DAY", help="The last day asked; the first."
        ),
    ] = None,
    criteria: Annotated[
        Any,
        typer.Option(
            parser=parse_criteria,
            metavar="JSON",
            help='The criteria in JSON: {"@type": "cbss.data.v1.HandicapCriteria", ...}.',
        ),
    ] = None,
    operator: AsEither = OPERATOR,
) -> None:
    """Explain the decision about an exchange: every rule, what it found, what it needs."""
    begin = begin or min(belgian_day(utc_now()), end or date.max)
    one = mesh.organization(organization)
    question = access_pb.AccessQuestion(
        customer_cbe_number=one.cbe_number,
        legal_context=legal_context,
        data_contract=contract,
        contract_version=1,
        mode=f"EXCHANGE_MODE_{mode.value}",
        period=encode_period(begin, end or begin),
    )
    if one.place is not None:
        question.customer_sector_institution.CopyFrom(parse_place(one.place))
    request = pb.ExplainDecisionRequest(question=question, criteria=criteria)
    asker = mesh.person(operator, "access")
    answer = ask(asker, STUB, "ExplainDecision", request)
    if not answer.decision.HasField("granted"):
        _check_named(asker, legal_context, contract)
    if mesh.as_json:
        say_json(plain(answer))
        return
    _show_explanation(answer)


def _check_named(asker: Identity, legal_context: str, contract: str) -> None:
    """Nonsense if no deliberation names the purpose, or the contract: then nothing was decided."""
    told = ask_all(asker, STUB, "ListDeliberations", pb.ListDeliberationsRequest(), "deliberations")
    contexts = {context for one in told for context in one.legal_contexts}
    contracts = {block.data_contract for one in told for block in one.data_blocks}
    for what, named, known in (
        ("purpose", legal_context, contexts),
        ("data contract", contract, contracts),
    ):
        if named not in known:
            listed = ", ".join(sorted(known))
            raise Nonsense(f"no deliberation names the {what} {named}; they name {listed}")


def _show_explanation(answer: pb.ExplainDecisionResponse) -> None:
    for rule in answer.rules:
        held = rule.holds
        name = _reason(rule.rule)
        mark = "holds  " if held else "refuses"
        say(f"{mark} {name}: {rule.article}: {rule.found}", "green" if held else "red")
        if rule.needed:
            say(f"        needed: {rule.needed}")
    if answer.decision.HasField("granted"):
        granted = answer.decision.granted
        number, version = granted.deliberation_number, granted.deliberation_version
        say(f"granted by {number} version {version}", "green")
        say(f"  fields: {', '.join(granted.granted_fields)}")
        for limit in granted.criteria:
            say(f"  only asked with: {decisions.decode_limit(limit)}")
    for basis in answer.legal_basis:
        say(f"  {basis.act}, article {basis.article}")
    say(f"  set: {answer.snapshot_version}")


def dry_run(mesh: Mesh, file: FileArgument, operator: AsEither = OPERATOR) -> None:
    """Tell what a file would change for the exchanges that were really asked."""
    request = pb.DryRunDeliberationRequest(document=read_text(file))
    answer = ask(mesh.person(operator, "access"), STUB, "DryRunDeliberation", request, file)
    if mesh.as_json:
        say_json(plain(answer))
        return
    on = date(answer.day.year, answer.day.month, answer.day.day)
    say(
        f"as on {on}, of {answer.exchanges} exchanges: {answer.newly_allowed} newly allowed, "
        f"{answer.newly_refused} newly refused, {answer.changed} under other obligations"
    )
    for one in answer.examples:
        question = one.question
        say(
            f"  {one.times:8} times {question.customer_cbe_number} {question.legal_context} "
            f"{question.data_contract}: {_verdict(one.before)} -> {_verdict(one.after)}"
        )
        for limit in one.after.granted.criteria:
            say(f"           only asked with: {decisions.decode_limit(limit)}")


def replay(
    mesh: Mesh,
    ticket: Annotated[str, typer.Argument(help="The exchange, by its ticket_cbss.")],
    reason: ReasonOption,
    operator: AsEither = OPERATOR,
) -> None:
    """Decide a logged exchange once more, on the deliberations of its day; code 1 if it differs."""
    reading = audit_pb.ListExchangesRequest(ticket_cbss=ticket, reason=reason)
    reader = mesh.person(operator, "audit")
    trail = ask(reader, audit_rpc.AuditServiceStub, "ListExchanges", reading)
    places = mesh.places()
    logged = [
        one for record in trail.records if (one := logged_decision(record, places)) is not None
    ]
    if not logged:
        raise Refusal("the trail holds no decision under this ticket")
    request = pb.ReplayDecisionsRequest(decisions=logged)
    answer = ask(mesh.person(operator, "access"), STUB, "ReplayDecisions", request)
    if mesh.as_json:
        say_json(plain(answer))
    else:
        for before, now in zip(logged, answer.outcomes, strict=True):
            outcome = pb.ReplayOutcome.Name(now.outcome).removeprefix("REPLAY_OUTCOME_")
            said = _reason(before.reason) if before.reason else "granted"
            again = _verdict(now.decision) if now.HasField("decision") else "unknown"
            say(f"{before.snapshot_version[:12]} logged: {said}, now: {again}: {outcome}")
    same = all(one.outcome == pb.REPLAY_OUTCOME_SAME for one in answer.outcomes)
    raise typer.Exit(0 if same else 1)


def logged_decision(
    record: record_pb.ExchangeRecord, places: Mapping[str, str | None]
) -> pb.LoggedDecision | None:
    """The decision of access that a record holds; nothing if it holds none. `places` says where
    organizations are in the network."""
    if not record.snapshot_version or not record.HasField("period"):
        return None
    question = access_pb.AccessQuestion(
        customer_cbe_number=record.customer_cbe_number,
        legal_context=record.legal_context,
        data_contract=record.data_contract,
        contract_version=record.contract_version,
        period=record.period,
        # Every exchange that is recorded so far was a consultation.
        mode=access_pb.EXCHANGE_MODE_ONLINE,
    )
    if place := places.get(record.customer_cbe_number):
        question.customer_sector_institution.CopyFrom(parse_place(place))
    # What was refused later, for the person's sake, access had granted.
    reasons = access_pb.RefusalReason.keys()
    refused = f"REFUSAL_REASON_{record.reason}" in reasons
    on = belgian_day(record.received_at.ToDatetime(UTC))
    return pb.LoggedDecision(
        question=question,
        day=encode_day(on),
        snapshot_version=record.snapshot_version,
        deliberation_number=record.deliberation_number,
        deliberation_version=record.deliberation_version,
        reason=f"REFUSAL_REASON_{record.reason}" if refused else None,
    )


def _verdict(decision: access_pb.Decision) -> str:
    return "granted" if decision.HasField("granted") else _reason(decision.refused.reason)


def _reason(reason: access_pb.RefusalReason) -> str:
    return access_pb.RefusalReason.Name(reason).removeprefix("REFUSAL_REASON_")
