"""The trail over real mutual TLS: who may record, who may read, and what reading leaves behind."""

from uuid import uuid4

import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb

from services.kit.errors import PeerFailed
from services.kit.tlog.hashes import leaf_hash
from services.kit.tlog.proofs import verify_consistency, verify_inclusion
from tests.services.audit.serving import KNOWN, NOW, SSIN, record, stub


async def test_what_is_recorded_is_read_back_without_the_person(audit):
    intent = record(legal_context="PCSW:EXAMPLE")
    await (await stub(audit, "routing")).RecordExchanges(
        pb.RecordExchangesRequest(records=[intent])
    )

    found = await (await stub(audit, "operator")).ListExchanges(
        pb.ListExchangesRequest(ticket_cbss=intent.ticket_cbss, reason="complaint 12")
    )

    kept, reading = found.records
    intent.ClearField("subject_ssin")
    assert kept == intent
    assert reading.stage == record_pb.EXCHANGE_STAGE_READING
    assert reading.reading_reason == "complaint 12"
    assert SSIN not in str(found)
    assert all(
        SSIN.encode() not in row.entry.instance + row.entry.ground.content
        for _, row in audit.records.rows
    )


async def test_a_batch_is_a_header_and_a_line_for_each_person(audit):
    ticket = str(uuid4())
    header = record(ticket_cbss=ticket, subjects_count=2)
    header.ClearField("subject_ssin")
    lines = [record(ticket_cbss=ticket, stage=record_pb.EXCHANGE_STAGE_LINE) for _ in range(2)]
    lines[1].subject_ssin = "89672220419"
    recorder, operator = await stub(audit, "routing"), await stub(audit, "operator")
    await recorder.RecordExchanges(pb.RecordExchangesRequest(records=[header, *lines]))

    of_person = await operator.ListExchanges(
        pb.ListExchangesRequest(ssin="89672220419", reason="inspection")
    )
    of_ticket = await operator.ListExchanges(
        pb.ListExchangesRequest(ticket_cbss=ticket, reason="inspection")
    )

    assert [one.record_id for one in of_person.records[:-1]] == [lines[1].record_id]
    assert [one.subjects_count for one in of_ticket.records[:3]] == [2, 0, 0]


async def test_pages_about_a_person_end_and_belong_to_one_reading(audit):
    recorder, operator = await stub(audit, "routing"), await stub(audit, "operator")
    await recorder.RecordExchanges(pb.RecordExchangesRequest(records=[record() for _ in range(5)]))
    asked = pb.ListExchangesRequest(ssin=SSIN, reason="inspection", page_size=2)

    seen = []
    while True:
        page = await operator.ListExchanges(asked)
        seen += page.records
        if not page.next_page_token:
            break
        asked.page_token = page.next_page_token

    assert [one.stage for one in seen] == [record_pb.EXCHANGE_STAGE_INTENT] * 5 + [
        record_pb.EXCHANGE_STAGE_READING
    ]


async def test_a_page_token_serves_no_other_question(audit):
    recorder, operator = await stub(audit, "routing"), await stub(audit, "operator")
    await recorder.RecordExchanges(pb.RecordExchangesRequest(records=[record(), record()]))
    asked = pb.ListExchangesRequest(ssin=SSIN, reason="inspection", page_size=1)
    asked.page_token = (await operator.ListExchanges(asked)).next_page_token
    asked.ssin = "89672220419"

    with pytest.raises(PeerFailed) as refused:
        await operator.ListExchanges(asked)

    assert refused.value.facts["reason"] == "PAGE_TOKEN_INVALID"


def replaced(ssin=SSIN, by="89672220419", event_id=None):
    made = pb.RecordReplacementRequest(event_id=event_id or str(uuid4()), ssin=ssin, replaced_by=by)
    made.occurred_at.FromDatetime(NOW)
    return made


@pytest.mark.parametrize("asked", [SSIN, "89672220419"])
async def test_a_replaced_number_and_its_successor_lead_to_the_same_trail(audit, asked):
    old, new = record(), record()
    new.subject_ssin = "89672220419"
    recorder, operator = await stub(audit, "routing"), await stub(audit, "operator")
    await recorder.RecordExchanges(pb.RecordExchangesRequest(records=[old, new]))

    await (await stub(audit, "identification")).RecordReplacement(replaced())

    found = await operator.ListExchanges(pb.ListExchangesRequest(ssin=asked, reason="inspection"))
    assert [one.record_id for one in found.records[:2]] == [old.record_id, new.record_id]


async def test_a_replacement_may_be_told_again_but_not_otherwise(audit):
    identification = await stub(audit, "identification")
    told = replaced()
    await identification.RecordReplacement(told)
    await identification.RecordReplacement(told)

    with pytest.raises(PeerFailed) as refused:
        await identification.RecordReplacement(replaced(by="57631410249", event_id=told.event_id))

    assert refused.value.facts["reason"] == "REPLACEMENT_DIFFERS"
    assert len(audit.replacements.held) == 1


async def recorded(audit):
    intent = record()
    await (await stub(audit, "routing")).RecordExchanges(
        pb.RecordExchangesRequest(records=[record(), intent, record()])
    )
    return intent


def proof_of(record_id):
    return pb.GetInclusionProofRequest(record_id=record_id, reason="inspection")


async def test_a_record_is_proved_to_be_in_the_log_and_its_reading_is_recorded(audit):
    intent = await recorded(audit)

    proof = await (await stub(audit, "operator")).GetInclusionProof(proof_of(intent.record_id))

    size = len(audit.records.rows)
    root = (await audit.log.signed()).root
    verify_inclusion(leaf_hash(proof.leaf), proof.log_index, size, list(proof.hashes), root)
    assert proof.checkpoint == f"checkpoint of {size}"
    assert size == 4


async def test_the_log_is_proved_to_have_only_grown(audit):
    await recorded(audit)
    operator = await stub(audit, "operator")
    old = await audit.log.signed()
    await recorded(audit)

    request = pb.GetConsistencyProofRequest(old_size=3, new_size=6)
    proof = await operator.GetConsistencyProof(request)

    new = await audit.log.signed()
    verify_consistency(3, 6, list(proof.hashes), old.root, new.root)


async def test_what_is_listed_says_where_in_the_log_it_is(audit):
    intent = await recorded(audit)
    audit.places.unmerged = 1

    found = await (await stub(audit, "operator")).ListExchanges(
        pb.ListExchangesRequest(ssin=SSIN, reason="inspection")
    )

    assert (found.places[1].record_id, found.places[1].log_index) == (intent.record_id, 1)
    assert len(found.places) == len(found.records) - 1


async def test_refuses_to_prove_what_is_not_there(audit):
    intent = await recorded(audit)
    operator = await stub(audit, "operator")

    async def reason(record_id):
        with pytest.raises(PeerFailed) as refused:
            await operator.GetInclusionProof(proof_of(record_id))
        return refused.value.facts["reason"]

    assert await reason(str(uuid4())) == "RECORD_UNKNOWN"
    audit.places.unmerged = 100
    assert await reason(intent.record_id) == "RECORD_NOT_MERGED"


async def test_says_so_while_nothing_is_signed(audit):
    audit.log.is_signed = False
    raw = rpc.AuditServiceStub(await audit.raw(audit.workload("operator")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.GetCheckpoint(pb.GetCheckpointRequest())

    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


READS = {"reason": "inspection"}
CALLS = [
    (
        "RecordExchanges",
        "routing",
        "operator",
        lambda: pb.RecordExchangesRequest(records=[record()]),
    ),
    (
        "RecordExchanges",
        "gateway",
        "operator",
        lambda: pb.RecordExchangesRequest(records=[record()]),
    ),
    ("RecordReplacement", "identification", "routing", replaced),
    (
        "ListExchanges",
        "operator",
        "routing",
        lambda: pb.ListExchangesRequest(ticket_cbss=str(uuid4()), **READS),
    ),
    (
        "ListExchanges",
        "operator",
        "gateway",
        lambda: pb.ListExchangesRequest(ssin=SSIN, **READS),
    ),
    ("GetCheckpoint", "operator", "routing", pb.GetCheckpointRequest),
    ("GetConsistencyProof", "operator", "routing", pb.GetConsistencyProofRequest),
    ("GetInclusionProof", "operator", "routing", lambda: proof_of(KNOWN)),
]


@pytest.mark.parametrize(("method", "listed", "stranger", "request_of"), CALLS)
async def test_answers_who_is_listed_and_refuses_who_is_not(
    audit, method, listed, stranger, request_of
):
    known = record(record_id=KNOWN)
    await (await stub(audit, "routing")).RecordExchanges(pb.RecordExchangesRequest(records=[known]))
    await getattr(await stub(audit, listed), method)(request_of())

    with pytest.raises(PeerFailed) as refused:
        await getattr(await stub(audit, stranger), method)(request_of())

    assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"


RECORDERS = {"RecordExchanges": "routing", "RecordReplacement": "identification"}
BAD = [
    ("RecordExchanges", pb.RecordExchangesRequest()),
    ("RecordExchanges", pb.RecordExchangesRequest(records=[record()] * 1001)),
    ("RecordExchanges", pb.RecordExchangesRequest(records=[record(stage=0)])),
    ("RecordExchanges", pb.RecordExchangesRequest(records=[record(stage=77)])),
    ("RecordExchanges", pb.RecordExchangesRequest(records=[record(stage=4)])),
    ("RecordExchanges", pb.RecordExchangesRequest(records=[record(ticket_cbss="t")])),
    (
        "RecordExchanges",
        pb.RecordExchangesRequest(records=[record(filtered_elements=["x" * 70_000])]),
    ),
    (
        "RecordExchanges",
        pb.RecordExchangesRequest(records=[record(stage=7, subjects_count=2)]),
    ),
    ("RecordReplacement", replaced(ssin="717")),
    ("RecordReplacement", replaced(by=SSIN)),
    ("RecordReplacement", replaced(event_id="e")),
    (
        "RecordReplacement",
        pb.RecordReplacementRequest(event_id=str(uuid4()), ssin=SSIN, replaced_by="89672220419"),
    ),
    ("ListExchanges", pb.ListExchangesRequest(ticket_cbss="t", **READS)),
    ("GetInclusionProof", pb.GetInclusionProofRequest(record_id="r", **READS)),
    ("GetInclusionProof", pb.GetInclusionProofRequest(record_id=KNOWN)),
    ("GetConsistencyProof", pb.GetConsistencyProofRequest(old_size=0, new_size=1)),
    ("GetConsistencyProof", pb.GetConsistencyProofRequest(old_size=2, new_size=1)),
    ("ListExchanges", pb.ListExchangesRequest(ssin=SSIN, reason="no")),
    ("ListExchanges", pb.ListExchangesRequest(ssin="717", **READS)),
    (
        "ListExchanges",
        pb.ListExchangesRequest(ssin=SSIN, page_size=-1, **READS),
    ),
]


@pytest.mark.parametrize(("method", "request_"), BAD)
async def test_refuses_what_makes_no_sense_and_keeps_nothing(audit, authority, method, request_):
    who = RECORDERS.get(method, "operator")
    raw = rpc.AuditServiceStub(await audit.raw(authority.workload(who)))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await getattr(raw, method)(request_)

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert audit.records.rows == []
    assert audit.replacements.held == {}
