"""The life of a deliberation over real mutual TLS: operators, four eyes, trail, register."""

from uuid import uuid4

import grpc
import pytest
from cbss.access.v1 import deliberation_pb2
from cbss.access.v1 import deliberation_service_pb2 as pb
from cbss.access.v1 import deliberation_service_pb2_grpc as rpc
from cbss.common.v1 import organization_pb2
from google.type import date_pb2

from services.access.callers import CALLERS
from services.access.model import ActVersion
from tests.support.administering import (
    BLOCK,
    DAY,
    NUMBER,
    draft,
    enacting,
    proposing,
    suspending,
    told,
)
from tests.support.deliberations import deliberation, document, general


async def test_from_proposal_to_suspension_by_two_people(one, two, three, trail):
    proposed = (await one.ProposeDeliberation(proposing())).deliberation
    enacted = (await two.EnactDeliberation(enacting())).deliberation
    suspended = (await two.SuspendDeliberation(suspending())).deliberation
    again = (await three.EnactDeliberation(enacting())).deliberation
    withdrawn = (
        await one.WithdrawDeliberation(
            pb.WithdrawDeliberationRequest(request_id=str(uuid4()), number=NUMBER, version=1)
        )
    ).deliberation

    states = [one.state for one in (proposed, enacted, suspended, again, withdrawn)]
    names = [deliberation_pb2.DeliberationState.Name(state).split("_", 2)[2] for state in states]
    assert names == ["PROPOSED", "IN_FORCE", "SUSPENDED", "IN_FORCE", "WITHDRAWN"]
    act = ActVersion(NUMBER, 1)
    assert trail.records == [
        ("ProposeDeliberation", act, "one", ""),
        ("EnactDeliberation", act, "two", ""),
        ("SuspendDeliberation", act, "two", ""),
        ("EnactDeliberation", act, "three", ""),
        ("WithdrawDeliberation", act, "one", ""),
    ]
    assert [deliberation_pb2.DeliberationState.Name(m.state)[19:] for m in withdrawn.history] == [
        "IN_FORCE", "SUSPENDED", "IN_FORCE", "WITHDRAWN"
    ]  # fmt: skip


async def test_the_bank_decides_nothing_and_the_committee_prepares_nothing(one, two):
    await one.ProposeDeliberation(proposing())

    for calling in (
        one.EnactDeliberation(enacting()),
        one.EnactAccession(pb.EnactAccessionRequest()),
        two.ProposeDeliberation(proposing()),
        two.AccedeToDeliberation(pb.AccedeToDeliberationRequest()),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await calling
        assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
        assert told(refused)[0] == "CALLER_NOT_LISTED"


async def test_nobody_acts_in_both_offices_and_the_attempt_is_in_the_trail(
    serving, one, two, authority, trail
):
    both = rpc.DeliberationServiceStub(await serving.raw(authority.member("one")))
    as_operator = rpc.DeliberationServiceStub(await serving.raw(authority.operator("two")))
    await one.ProposeDeliberation(proposing())

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await both.EnactDeliberation(enacting())
    assert told(refused)[0] == "OFFICES_MIXED"
    assert trail.records[-1][2:] == ("one", "OFFICES_MIXED")
    await two.EnactDeliberation(enacting())
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await as_operator.ProposeDeliberation(proposing(version=2, valid_from="2026-05-01"))
    assert told(refused)[0] == "OFFICES_MIXED"


async def test_who_suspended_it_does_not_open_it_again(one, two, three, trail):
    await one.ProposeDeliberation(proposing())
    await two.EnactDeliberation(enacting())
    await two.SuspendDeliberation(suspending())

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await two.EnactDeliberation(enacting())

    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED
    assert told(refused)[0] == "SECOND_PERSON_NEEDED"
    assert trail.records[-1][2:] == ("two", "SECOND_PERSON_NEEDED")
    await three.EnactDeliberation(enacting())


async def test_an_operator_without_a_name_takes_no_step(serving, authority, trail):
    nameless = rpc.DeliberationServiceStub(await serving.raw(authority.operator(None)))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await nameless.ProposeDeliberation(proposing())

    assert told(refused)[0] == "OPERATOR_NAMELESS"
    assert [record[2:] for record in trail.records] == [("", "OPERATOR_NAMELESS")]


async def test_without_the_trail_nothing_is_done(one, store, trail):
    trail.away = True

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await one.ProposeDeliberation(proposing())

    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
    assert await store.of_number(NUMBER) == ()


async def test_a_suspension_counts_before_it_is_answered(serving, one, two):
    await one.ProposeDeliberation(proposing())
    await two.EnactDeliberation(enacting())
    before = serving.access.current().snapshot
    await two.SuspendDeliberation(suspending())

    assert serving.access.current().snapshot.version != before.version
    (act,) = serving.access.current().snapshot.acts["PCSW:TRIAL"]
    assert not act.in_force


async def test_the_same_request_again_is_not_taken_again(serving, one, authority, trail):
    other = rpc.DeliberationServiceStub(await serving.raw(authority.operator("other")))
    request = proposing()
    for _ in range(2):
        await one.ProposeDeliberation(request)
    assert len(trail.records) == 1

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await other.ProposeDeliberation(request)
    assert told(refused)[0] == "REQUEST_REUSED"


WRONG = """\
number: IVC/KSZG/98/001
version: 1
document_ref: IVC/KSZG/98/001
title: {nl: a, fr: b, de: c, en: d}
decided_on: "2026-02-30"
kind: GENERAL
senders: ["16.0", "999.1"]
recipients: ["0899991635"]
accessions:
  - {recipient: "17.1", regulation: r, valid_from: "2026-04-01"}
  - {recipient: "17.1", regulation: r, valid_from: "2026-05-01"}
purpose: p
legal_basis: [{act: a, article: b}]
legal_contexts: ["PCSW:TAKEN"]
data_blocks:
  - {contract: NO_SUCH, version: 1, modes: [ONLINE], fields: ["*"]}
  - contract: HANDICAP
    version: 1
    modes: [ONLINE]
    fields:
      - rights
      - no.such.field
  - {contract: FAMILY_COMPOSITION, version: 1, modes: [ONLINE], fields: ["*"]}
person_categories: {quality_codes: ["001"], household: false}
period: {months_back: 1, months_forward: 0}
frequency: ONCE
valid_from: "2026-03-30"
retention_days: 1
hourly_quota: 1
conditions: []
publication: {path: a, languages: [nl]}
source: s
"""


async def test_a_written_form_is_refused_as_a_whole_with_every_line(one, store):
    await store.enact([deliberation(number="IVC/KSZG/98/009", legal_contexts=["PCSW:TAKEN"])])
    with pytest.raises(grpc.aio.AioRpcError) as first:
        await one.ProposeDeliberation(proposing(WRONG))
    with pytest.raises(grpc.aio.AioRpcError) as second:
        await one.ProposeDeliberation(proposing(WRONG.replace("02-30", "02-28")))

    reason, impossible = told(first)
    assert (reason, list(impossible)) == ("DELIBERATION_UNREADABLE", ["decided_on"])
    assert impossible["decided_on"].startswith("line 5: ")
    reason, wrong = told(second)
    assert reason == "DELIBERATION_UNREADABLE"
    lines = {field: said.partition(":")[0] for field, said in wrong.items()}
    assert lines == {
        "senders[1]": "line 7",
        "recipients[0]": "line 8",
        "accessions": "line 9",
        "accessions[0].recipient": "line 10",
        "accessions[1].recipient": "line 11",
        "accessions[1]": "line 11",
        "legal_contexts[0]": "line 14",
        "data_blocks[0].contract": "line 16",
        "data_blocks[1].fields[1]": "line 22",
        "data_blocks[2].fields[0]": "line 23",
        "valid_from": "line 27",
    }
    assert await store.of_number(NUMBER) == ()


async def test_the_differences_to_what_was_enacted_are_shown_field_by_field(one, two):
    fresh = await one.CompareDeliberation(pb.CompareDeliberationRequest(document=draft()))
    await one.ProposeDeliberation(proposing())
    await two.EnactDeliberation(enacting())
    amended = draft(version=2, valid_from="2026-05-01", retention_days=7, recipients=["18.1"])
    found = await one.CompareDeliberation(pb.CompareDeliberationRequest(document=amended))

    assert (fresh.compared_version, found.compared_version) == (0, 1)
    assert len(fresh.differences) > len(found.differences)
    assert [(one.field, one.before, one.after) for one in found.differences] == [
        ("version", "1", "2"),
        ("recipients", "17.1", "18.1"),
        ("validity.begin", "2026-03-31", "2026-05-01"),
        ("retention_days", "365", "7"),
    ]


def acceding(begin=DAY, end=None, sector=17):
    place = organization_pb2.SectorInstitution(sector=sector, institution=1)
    return pb.AccedeToDeliberationRequest(
        request_id=str(uuid4()),
        number=NUMBER,
        recipient=organization_pb2.Organization(sector_institution=place),
        valid_from=begin,
        valid_until=end,
        regulation="by-law",
    )


def enacting_of(accession):
    return pb.EnactAccessionRequest(
        request_id=str(uuid4()),
        number=NUMBER,
        recipient=accession.recipient,
        valid_from=accession.valid_from,
    )


async def test_an_accession_opens_by_two_people_and_ends_by_one(
    serving, one, two, store, authority
):
    public = rpc.DeliberationServiceStub(await serving.raw(authority.workload("gateway")))
    await store.enact([document.read(general())])
    accession = acceding()
    prepared = (await one.AccedeToDeliberation(accession)).deliberation
    read = await public.GetDeliberation(pb.GetDeliberationRequest(number=NUMBER))

    assert [one.proposed_by for one in prepared.proposed_accessions] == ["one"]
    assert list(prepared.accessions) == []
    assert list(read.deliberation.proposed_accessions) == []
    enacted = (await two.EnactAccession(enacting_of(accession))).deliberation
    assert [list(enacted.proposed_accessions), len(enacted.accessions)] == [[], 1]
    ended = (await one.AccedeToDeliberation(acceding(DAY, DAY))).deliberation
    assert ended.accessions[0].period.end_date == DAY
    longer = (await one.AccedeToDeliberation(acceding(DAY))).deliberation
    assert longer.accessions[0].period.HasField("end_date")
    assert len(longer.proposed_accessions) == 1


@pytest.mark.parametrize(
    ("reason", "accession"),
    [
        ("EFFECT_IN_THE_PAST", acceding(date_pb2.Date(year=2025, month=3, day=1))),
        ("ACCESSION_REFUSED", acceding(sector=18)),
    ],
)
async def test_an_accession_that_may_not_be_is_not_even_prepared(one, store, reason, accession):
    await store.enact([document.read(general())])

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await one.AccedeToDeliberation(accession)

    assert told(refused)[0] == reason


async def test_what_was_not_prepared_or_overlaps_is_not_enacted(one, two, store):
    await store.enact([document.read(general())])
    accession = acceding()
    with pytest.raises(grpc.aio.AioRpcError) as unknown:
        await two.EnactAccession(enacting_of(accession))
    later = acceding(date_pb2.Date(year=2027, month=1, day=1))
    for one_of_both in (later, accession):
        await one.AccedeToDeliberation(one_of_both)
    await two.EnactAccession(enacting_of(later))
    with pytest.raises(grpc.aio.AioRpcError) as overlaps:
        await two.EnactAccession(enacting_of(accession))

    assert told(unknown)[0] == "ACCESSION_UNKNOWN"
    assert told(overlaps)[0] == "ACCESSION_OVERLAPS"


async def test_a_proposal_brings_no_accession_along(one, store):
    await store.enact([document.read(general(data_blocks=[BLOCK]))])
    accession = {"recipient": "17.1", "regulation": "r", "valid_from": "2026-04-01"}
    amended = proposing(version=2, valid_from="2026-04-01", kind="GENERAL", accessions=[accession])

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await one.ProposeDeliberation(amended)

    assert list(told(refused)[1]) == ["accessions"]
    assert (await store.of_number(NUMBER))[0].accessions == ()


async def test_the_register_is_public_and_proposals_are_not(serving, one, two, authority):
    public = rpc.DeliberationServiceStub(await serving.raw(authority.workload("gateway")))
    await one.ProposeDeliberation(proposing())
    getting = pb.GetDeliberationRequest(number=NUMBER)

    assert (await one.GetDeliberation(getting)).deliberation.version == 1
    assert not (await public.ListDeliberations(pb.ListDeliberationsRequest())).deliberations
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await public.GetDeliberation(getting)
    assert told(refused)[0] == "DELIBERATION_UNKNOWN"

    await two.EnactDeliberation(enacting())
    found = (await public.GetDeliberation(getting)).deliberation
    assert (found.recipients[0].name, found.title.fr) == (
        "Public centres for social welfare",
        "essai",
    )


async def test_the_register_is_read_page_by_page(serving, authority, store):
    texts = [
        deliberation(number=f"IVC/KSZG/98/{at:03}", legal_contexts=[f"PCSW:{at}"])
        for at in range(5)
    ]
    await store.enact(texts)
    public = rpc.DeliberationServiceStub(await serving.raw(authority.workload("gateway")))
    seen, token = [], None
    while token != "":
        request = pb.ListDeliberationsRequest(page_size=2, page_token=token or "")
        page = await public.ListDeliberations(request)
        seen += [one.number for one in page.deliberations]
        token = page.next_page_token

    assert seen == [one.number for one in texts]
    mine = await public.ListDeliberations(pb.ListDeliberationsRequest(legal_context="PCSW:3"))
    assert [one.number for one in mine.deliberations] == ["IVC/KSZG/98/003"]


@pytest.mark.parametrize("rpc_name", [name.rpartition("/")[2] for name in CALLERS])
async def test_only_those_administer_whose_office_it_is(serving, authority, rpc_name):
    full = f"cbss.access.v1.DeliberationService/{rpc_name}"
    allowed = CALLERS.get(full, frozenset())
    for workload in ("gateway", "operator", "committee", "routing"):
        channel = await serving.raw(authority.workload(workload))
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await channel.unary_unary(f"/{full}")(b"\xff")
        expected = (
            grpc.StatusCode.INVALID_ARGUMENT
            if workload in allowed
            else grpc.StatusCode.PERMISSION_DENIED
        )
        assert refused.value.code() is expected


@pytest.mark.parametrize(
    ("method", "request_"),
    [
        ("ProposeDeliberation", pb.ProposeDeliberationRequest(document="a")),
        ("ProposeDeliberation", proposing("")),
        ("ProposeDeliberation", proposing("x" * (256 * 1024 + 1))),
        ("ProposeDeliberation", proposing("a: [")),
        ("EnactDeliberation", enacting(0)),
        ("EnactDeliberation", enacting(number="nonsense")),
        ("GetDeliberation", pb.GetDeliberationRequest()),
        ("GetDeliberation", pb.GetDeliberationRequest(number=NUMBER, version=10_000)),
        ("ListDeliberations", pb.ListDeliberationsRequest(page_size=-1)),
        ("ListDeliberations", pb.ListDeliberationsRequest(page_token="x")),
        ("ReplayDecisions", pb.ReplayDecisionsRequest()),
        ("ExplainDecision", pb.ExplainDecisionRequest()),
        ("EnactAccession", pb.EnactAccessionRequest(request_id=str(uuid4()), number=NUMBER)),
        (
            "AccedeToDeliberation",
            pb.AccedeToDeliberationRequest(request_id=str(uuid4()), number=NUMBER),
        ),
    ],
)
async def test_refuses_what_makes_no_sense(one, two, method, request_):
    whose_office_it_is = two if method.startswith("Enact") else one
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await getattr(whose_office_it_is, method)(request_)

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
