"""Examining decisions: explain one, try a draft on what was asked, run the policy tests."""

import json
from datetime import UTC, date
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.data.v1 import handicap_pb2, legal_person_data_pb2, social_status_pb2  # noqa: F401
from google.protobuf import any_pb2, descriptor_pool, json_format, message_factory

from sandbox.operating import (
    ME,
    AsEither,
    FileArgument,
    StateOption,
    call,
    call_audit,
    console,
    day,
)
from sandbox.operating import organization as organization_of
from sandbox.organizations import organizations
from sandbox.state import DEFAULT
from services.access.load.expectations import checked
from services.access.load.files import read
from services.access.rules.comparisons import in_force
from services.access.rules.snapshots import compiled
from services.kit.clock import belgian_day, utc_now
from services.wire import decisions


def explain(
    organization: Annotated[str, typer.Argument(help="Who asks: its name in the sandbox.")],
    legal_context: Annotated[str, typer.Argument(help="For which purpose.")],
    contract: Annotated[str, typer.Argument(help="Which data contract.")],
    mode: Annotated[str, typer.Option(help="ONLINE, BATCH or PUSH.")] = "ONLINE",
    begin: Annotated[str | None, typer.Option("--from", help="The first day asked.")] = None,
    end: Annotated[str | None, typer.Option("--until", help="The last day asked.")] = None,
    criteria: Annotated[
        str | None,
        typer.Option(help='The criteria in JSON: {"@type": "cbss.data.v1.HandicapCriteria", ...}.'),
    ] = None,
    operator: AsEither = ME,
    state: StateOption = DEFAULT,
) -> None:
    """Explain the decision about an exchange: every rule, what it found, what it needs."""
    today = belgian_day(utc_now()).isoformat()
    one = organizations()[organization]
    question = access_pb.AccessQuestion(
        customer_cbe_number=one.cbe_number,
        legal_context=legal_context,
        data_contract=contract,
        contract_version=1,
        mode=f"EXCHANGE_MODE_{mode}",
    )
    question.period.begin_date.CopyFrom(day(begin or today))
    question.period.end_date.CopyFrom(day(end or today))
    if one.place is not None:
        place = organization_of(one.place).sector_institution
        question.customer_sector_institution.CopyFrom(place)
    request = pb.ExplainDecisionRequest(question=question, criteria=_criteria(criteria))
    answer = call(state, operator, lambda stub: stub.ExplainDecision(request))
    for rule in answer.rules:
        name = _reason(rule.rule)
        mark = "[green]holds[/green] " if rule.holds else "[red]refuses[/red]"
        console.print(f"{mark} {name}: {rule.article}: {rule.found}")
        if rule.needed:
            console.print(f"        needed: {rule.needed}")
    if answer.decision.HasField("granted"):
        granted = answer.decision.granted
        number, version = granted.deliberation_number, granted.deliberation_version
        console.print(f"[green]granted[/green] by {number} version {version}")
        console.print(f"  fields: {', '.join(granted.granted_fields)}")
        for limit in granted.criteria:
            console.print(f"  only asked with: {decisions.limit(limit)}")
    for basis in answer.legal_basis:
        console.print(f"  {basis.act}, article {basis.article}")
    console.print(f"  set: {answer.snapshot_version}")


def dry_run(file: FileArgument, operator: AsEither = ME, state: StateOption = DEFAULT) -> None:
    """Tell what a file would change for the exchanges that were really asked."""
    request = pb.DryRunDeliberationRequest(document=file.read_text("utf-8"))
    answer = call(state, operator, lambda stub: stub.DryRunDeliberation(request), file)
    on = date(answer.day.year, answer.day.month, answer.day.day)
    console.print(
        f"as on {on}, of {answer.exchanges} exchanges: {answer.newly_allowed} newly allowed, "
        f"{answer.newly_refused} newly refused, {answer.changed} under other obligations"
    )
    for one in answer.examples:
        question = one.question
        console.print(
            f"  {one.times:8} times {question.customer_cbe_number} {question.legal_context} "
            f"{question.data_contract}: {_verdict(one.before)} -> {_verdict(one.after)}"
        )
        for limit in one.after.granted.criteria:
            console.print(f"           only asked with: {decisions.limit(limit)}")


def replay(
    ticket: Annotated[str, typer.Argument(help="The exchange, by its ticket_cbss.")],
    reason: Annotated[str, typer.Option(help="Why the trail is read; this is recorded too.")],
    operator: AsEither = ME,
    state: StateOption = DEFAULT,
) -> None:
    """Decide a logged exchange once more, on the deliberations of its day."""
    reading = audit_pb.ListExchangesByTicketRequest(ticket_cbss=ticket, reason=reason)
    trail = call_audit(state, operator, lambda stub: stub.ListExchangesByTicket(reading))
    logged = [one for record in trail.records if (one := logged_decision(record)) is not None]
    if not logged:
        console.print("the trail holds no decision under this ticket")
        raise typer.Exit(1)
    request = pb.ReplayDecisionsRequest(decisions=logged)
    answer = call(state, operator, lambda stub: stub.ReplayDecisions(request))
    for before, now in zip(logged, answer.outcomes, strict=True):
        outcome = pb.ReplayOutcome.Name(now.outcome).removeprefix("REPLAY_OUTCOME_")
        said = _reason(before.reason) if before.reason else "granted"
        again = _verdict(now.decision) if now.HasField("decision") else "unknown"
        console.print(f"{before.snapshot_version[:12]} logged: {said}, now: {again}: {outcome}")
    same = all(one.outcome == pb.REPLAY_OUTCOME_SAME for one in answer.outcomes)
    raise typer.Exit(0 if same else 1)


def logged_decision(record: record_pb.ExchangeRecord) -> pb.LoggedDecision | None:
    """The decision of access that a record holds; nothing if it holds none."""
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
    known = {one.cbe_number: one.place for one in organizations().values()}
    if place := known.get(record.customer_cbe_number):
        at = organization_of(place).sector_institution
        question.customer_sector_institution.CopyFrom(at)
    # What was refused later, for the person's sake, access had granted.
    reasons = access_pb.RefusalReason.keys()
    refused = f"REFUSAL_REASON_{record.reason}" in reasons
    on = belgian_day(record.received_at.ToDatetime(UTC))
    return pb.LoggedDecision(
        question=question,
        day=day(on.isoformat()),
        snapshot_version=record.snapshot_version,
        deliberation_number=record.deliberation_number,
        deliberation_version=record.deliberation_version,
        reason=f"REFUSAL_REASON_{record.reason}" if refused else None,
    )


def try_policy(
    proposed: Annotated[
        list[Path] | None, typer.Argument(exists=True, help="Files with the proposed change.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="Where the tests are.")
    ] = None,
    deliberations: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="What is in force.")
    ] = None,
) -> None:
    """Run the policy tests against what is in force, with a proposed change if one is given."""
    shipped = Path(str(files("sandbox")))
    present = read(sorted((deliberations or shipped / "deliberations").glob("*.yaml")))
    change = read(proposed or [])
    texts = {
        (one.deliberation.number, one.deliberation.version): one.deliberation
        for one in present.reviewed
    }
    for one in change.reviewed:
        draft = in_force(one.deliberation)
        texts[draft.number, draft.version] = draft
    found = checked(sorted((policy or shipped / "policy").glob("*.yaml")), compiled(texts.values()))
    problems = [*present.problems, *change.problems, *found.problems]
    for problem in problems:
        console.print(f"[red]{problem.file}:{problem.line}[/red] {problem.description}")
    console.print(f"{found.expectations} expectations, {len(problems)} not met")
    raise typer.Exit(1 if problems else 0)


def _criteria(text: str | None) -> any_pb2.Any | None:
    if text is None:
        return None
    try:
        plain = json.loads(text)
        kind = plain.pop("@type").rpartition("/")[2]
        message = message_factory.GetMessageClass(
            descriptor_pool.Default().FindMessageTypeByName(kind)
        )()
        json_format.ParseDict(plain, message)
    except (ValueError, KeyError, AttributeError, json_format.ParseError) as wrong:
        console.print(f"[red]--criteria: {wrong}[/red]")
        raise typer.Exit(2) from None
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed


def _verdict(decision: access_pb.Decision) -> str:
    return "granted" if decision.HasField("granted") else _reason(decision.refused.reason)


def _reason(reason: access_pb.RefusalReason) -> str:
    return access_pb.RefusalReason.Name(reason).removeprefix("REFUSAL_REASON_")
