"""The rules change while the mesh runs: by two people, in the trail, at once; and in public."""

from datetime import timedelta
from importlib.resources import files
from uuid import uuid4

import grpc
import pytest
import pytest_asyncio
import yaml
from cbss.access.v1 import deliberation_pb2
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.access.v1 import deliberation_service_pb2_grpc as rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.data.v1.social_status_pb2 import AskedSocialStatus, SocialStatusCriteria, SocialStatuses

from cli.decisions import logged_decision
from cli.register import read, write
from sandbox.organizations import organizations
from services.kit.clock import belgian_day, utc_now
from tests.mesh.asking import DISABLED, NOBODY, consult, outcome, question, reason
from tests.support.waiting import until

PLACES = {one.cbe_number: one.place for one in organizations().values()}
NUMBER = "IVC/KSZG/99/090"
CONTEXT = "PCSW:HEATING_ALLOWANCE"


def draft(version=1, **changed):
    """A deliberation of the sandbox, under another number and for another purpose, from today."""
    text = files("sandbox").joinpath("deliberations/99-002-means-test.yaml").read_text("utf-8")
    plain = yaml.safe_load(text) | {
        "number": NUMBER,
        "version": version,
        "document_ref": NUMBER,
        "legal_contexts": [CONTEXT],
        "status": "PROPOSED",
        "valid_from": (belgian_day(utc_now()) + timedelta(days=version - 1)).isoformat(),
    }
    return yaml.safe_dump(plain | changed, allow_unicode=True, sort_keys=False)


@pytest_asyncio.fixture(loop_scope="session")
async def operators(mesh):
    """Somebody of the bank and a member of the committee, connected to access."""
    async with (
        mesh.workload("operator", "access").channel() as first,
        mesh.workload("committee-member", "access").channel() as second,
    ):
        yield rpc.DeliberationServiceStub(first), rpc.DeliberationServiceStub(second)


def step(kind, **more):
    return kind(request_id=str(uuid4()), number=NUMBER, version=1, **more)


async def consulted(mesh):
    return outcome(await consult(mesh, question(context=CONTEXT)))


async def test_a_purpose_opens_by_two_people_and_closes_by_one(mesh, operators, trail):
    first, second = operators
    assert await consulted(mesh) == "NO_RESULT MSG00013"
    proposing = pb.ProposeDeliberationRequest(request_id=str(uuid4()), document=draft())
    await first.ProposeDeliberation(proposing)
    assert await consulted(mesh) == "NO_RESULT MSG00013"

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await first.EnactDeliberation(step(pb.EnactDeliberationRequest))
    assert reason(refused.value) == "CALLER_NOT_LISTED"
    enacting = step(pb.EnactDeliberationRequest)
    await second.EnactDeliberation(enacting)
    assert await consulted(mesh) == "DATA_FOUND MSG00000"

    suspending = step(pb.SuspendDeliberationRequest)
    await second.SuspendDeliberation(suspending)
    assert await consulted(mesh) == "NO_RESULT MSG00013"

    for request, operator, name in (
        (proposing, "operator", "ProposeDeliberation"),
        (enacting, "committee-member", "EnactDeliberation"),
        (suspending, "committee-member", "SuspendDeliberation"),
    ):
        (record,) = await trail.of_ticket(request.request_id)
        assert record.stage == record_pb.EXCHANGE_STAGE_ACT
        assert (record.operator, record.rpc.rpartition("/")[2]) == (operator, name)
        assert (record.deliberation_number, record.deliberation_version) == (NUMBER, 1)
        assert record.verdict == record_pb.VERDICT_PERMIT


async def test_what_the_trail_holds_is_decided_the_same_once_more(mesh, operators, trail):
    first, _ = operators
    asked = [
        question(),
        question(who="transport"),
        question(context="PCSW:NOTHING"),
        question(context=CONTEXT),
    ]
    tickets = [
        (await consult(mesh, one, who=who)).information_cbss.ticket_cbss
        for one, who in zip(
            asked, ("pcsw-ghent", "transport", "pcsw-ghent", "pcsw-ghent"), strict=True
        )
    ]
    again = draft(version=2)
    proposing = pb.ProposeDeliberationRequest(request_id=str(uuid4()), document=again)
    await first.ProposeDeliberation(proposing)
    records = [record for ticket in tickets for record in await trail.of_ticket(ticket)]
    logged = [one for record in records if (one := logged_decision(record, PLACES)) is not None]

    answer = await first.ReplayDecisions(pb.ReplayDecisionsRequest(decisions=logged))

    assert {one.outcome for one in answer.outcomes} == {pb.REPLAY_OUTCOME_SAME}
    assert {bool(one.reason) for one in logged} == {True, False}
    versions = {one.snapshot_version for one in logged}
    current = await first.ExplainDecision(
        pb.ExplainDecisionRequest(question=logged[0].question, day=logged[0].day)
    )
    assert current.snapshot_version not in versions


async def test_a_refusal_is_the_same_bytes_whoever_and_whatever_exists(mesh):
    def bare(answer):
        # What the question brought, and who and when: everything else must be equal.
        for field in ("information_customer", "information_cbss", "ssin", "legal_context"):
            answer.ClearField(field)
        return answer.SerializeToString(deterministic=True)

    refused = {
        bare(await consult(mesh, question(ssin, context=context), who="pcsw-ghent"))
        for ssin in (DISABLED, NOBODY)
        for context in (CONTEXT, "PCSW:NOTHING", "ECONOMY:SOCIAL_TARIFF")
    }

    assert len(refused) == 1


async def test_what_was_really_asked_tells_what_a_draft_would_change(mesh, operators):
    first, _ = operators
    for _ in range(3):
        await consult(mesh, question())
    text = files("sandbox").joinpath("deliberations/99-002-means-test.yaml").read_text("utf-8")
    tomorrow = (belgian_day(utc_now()) + timedelta(days=1)).isoformat()
    plain = yaml.safe_load(text) | {"version": 2, "valid_from": tomorrow, "status": "PROPOSED"}
    plain["data_blocks"] = [
        block for block in plain["data_blocks"] if block["contract"] != "HANDICAP"
    ]
    request = pb.DryRunDeliberationRequest(document=yaml.safe_dump(plain, allow_unicode=True))

    async def seen():
        answer = await first.DryRunDeliberation(request)
        return answer.newly_refused >= 3 and answer.newly_allowed == 0

    # What was asked reaches the sample every ten seconds.
    await until(seen)


async def test_everybody_reads_the_register_without_a_certificate(mesh, tmp_path):
    authority = mesh.vault.authority_file("institutions")
    address = mesh.ports.address("gateway-open")

    register = list(read(address, authority, "gateway"))
    write(tmp_path, iter(register))

    assert {one.number for one in register} >= {f"IVC/KSZG/99/00{at}" for at in range(1, 7)}
    states = {one.state for one in register}
    assert deliberation_pb2.DELIBERATION_STATE_PROPOSED not in states
    (commune,) = next(one for one in register if one.number.endswith("003")).accessions
    assert commune.recipient.name == "Commune"
    assert (tmp_path / "de" / "ivc-kszg-99-002.html").exists()


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, "NO_RESULT MSG00013"),
        ({"statuses": []}, "NO_RESULT MSG00013"),
        ({"statuses": ["LIVING_WAGES_PCSA_HELP"]}, "NO_RESULT MSG00013"),
        ({"statuses": ["PCSA_AND_BIM_HELP", "BIM_BVT"]}, "NO_RESULT MSG00013"),
        ({"statuses": ["PCSA_AND_BIM_HELP"]}, "DATA_FOUND MSG00000"),
    ],
)
async def test_the_energy_ministry_asks_what_its_deliberation_lets_it_ask(
    mesh, trail, criteria, expected
):
    asked = question(who="economy", contract="SOCIAL_STATUS", context="ECONOMY:SOCIAL_TARIFF")
    if "statuses" in criteria:
        named = [AskedSocialStatus(name=one) for one in criteria["statuses"]]
        asked.criteria.Pack(SocialStatusCriteria(statuses=named))

    answer = await consult(mesh, asked, who="economy")

    assert outcome(answer) == expected
    records = await trail.of_ticket(answer.information_cbss.ticket_cbss)
    if expected.startswith("NO_RESULT"):
        assert [record.reason for record in records] == ["CRITERIA_NOT_COVERED"]
        assert answer.status.information[0].field_value == "criteria.statuses.name"
        assert not answer.results
    for result in answer.results:
        statuses = SocialStatuses()
        result.data.Unpack(statuses)
        for one in statuses.statuses:
            assert {field.name for field, _ in one.ListFields()} <= {"name", "result"}
            assert one.name == "PCSA_AND_BIM_HELP"
