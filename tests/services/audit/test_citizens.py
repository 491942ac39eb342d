"""A citizen reads who used his data, and only his; what the law delays comes when it is time."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cryptography.hazmat.primitives.serialization import Encoding
from google.rpc import error_details_pb2, status_pb2

from sandbox.authority import Authority
from services.audit.trail.model import Stage, Use
from services.audit.trail.rules import shown_to_the_person
from services.audit.trail.rules.telling import RESULTS
from services.audit.trail.words import words
from services.concepts.citizen import OWN_RIGHT
from services.concepts.contract_words import contract_words
from services.concepts.delays import Delay
from services.concepts.text import Text
from services.kit.forwarded import HEADER, issuer_name
from services.kit.tlog.hashes import leaf_hash
from services.kit.tlog.proofs import verify_inclusion
from tests.services.audit.serving import CARDS, CITIZENS, NOW, SSIN, record, stub

OTHER = "89672220419"
GHENT = "0899990348"
NAME = CITIZENS.removeprefix("CN=")


def card(ssin, authority=None):
    """What the gateway says of a citizen's certificate."""
    issued = (authority or CARDS).citizen(ssin, "Citizen")
    digest = hashlib.sha256(issued.certificate.public_bytes(Encoding.DER)).hexdigest()
    return [(HEADER, f'Hash={digest};Cert="{quote(issued.pem.decode(), safe="")}"')]


async def asked(audit, metadata, **what):
    raw = rpc.AuditServiceStub(await audit.raw(audit.workload("gateway")))
    return await raw.ListMyConsultations(pb.ListMyConsultationsRequest(**what), metadata=metadata)


async def recorded(audit, *records):
    recorder = await stub(audit, "routing")
    await recorder.RecordExchanges(pb.RecordExchangesRequest(records=records))


def consulted(stage=record_pb.EXCHANGE_STAGE_OUTCOME, purpose="PCSW:MEANS_TEST", **others):
    return record(
        stage=stage,
        customer_cbe_number=GHENT,
        data_contract="HANDICAP",
        legal_context=purpose,
        deliberation_number="IVC/KSZG/99/002",
        sources=[record_pb.SourceLeg(supplier_cbe_number="0899990744")],
        **others,
    )


@pytest.mark.parametrize(
    ("others", "asker"),
    [
        ({"stage": record_pb.EXCHANGE_STAGE_REFUSAL}, pb.ASKER_UNKNOWN),
        ({"stage": record_pb.EXCHANGE_STAGE_OUTCOME, "operator": "jan"}, pb.ASKER_MESH),
        ({"stage": record_pb.EXCHANGE_STAGE_OUTCOME}, pb.ASKER_PERSON),
        ({"stage": record_pb.EXCHANGE_STAGE_ACT, "reading_reason": ""}, pb.ASKER_MESH),
    ],
)
async def test_a_use_by_no_organization_says_whose_it_was(audit, others, asker):
    await recorded(audit, record(**{"reading_reason": OWN_RIGHT} | others))

    answer = await asked(audit, card(SSIN))

    assert answer.consultations[0].asker == asker
    assert not answer.consultations[0].HasField("customer")


async def test_a_citizen_reads_who_asked_what_why_and_on_which_ground_with_a_proof(audit):
    audit.organizations.keys[GHENT] = {"k"}
    outcome, foreign = consulted(), consulted()
    foreign.subject_ssin = OTHER
    await recorded(audit, outcome, foreign)

    answer = await asked(audit, card(SSIN))

    one, reading = answer.consultations
    assert one.record_id == outcome.record_id
    assert (one.asker, reading.asker) == (pb.ASKER_ORGANIZATION, pb.ASKER_PERSON)
    assert (one.customer.name, one.sources[0].cbe_number) == (f"name of {GHENT}", "0899990744")
    assert one.data.fr == "Reconnaissance d'un handicap"
    assert one.step.de == "Ihre Daten wurden abgefragt"
    assert one.legal_context == "PCSW:MEANS_TEST"
    assert one.deliberation_url.endswith("/nl/ivc-kszg-99-002.html")
    assert reading.step.nl == "De loggegevens over u werden gelezen"
    size, root = len(audit.records.rows), (await audit.log.signed()).root
    verify_inclusion(
        leaf_hash(one.proof.leaf), one.proof.log_index, size, list(one.proof.hashes), root
    )


async def test_reading_is_recorded_without_naming_the_reader_in_plain(audit):
    await asked(audit, card(SSIN))

    [(_, row)] = audit.records.rows
    assert row.entry.subject.digits == SSIN
    assert b"ListMyConsultations" in row.entry.ground.content
    assert SSIN.encode() not in row.entry.ground.content + row.entry.instance


async def test_what_has_no_place_in_the_log_yet_is_shown_without_proof(audit):
    await recorded(audit, consulted())
    audit.places.unmerged = 100

    answer = await asked(audit, card(SSIN))

    assert not answer.consultations[0].HasField("proof")


async def test_before_anything_is_signed_all_is_shown_without_proof(audit):
    await recorded(audit, consulted())
    audit.log.is_signed = False

    answer = await asked(audit, card(SSIN))

    assert [one.HasField("proof") for one in answer.consultations] == [False] * 2


async def test_pages_go_on_and_days_bound_them(audit):
    await recorded(audit, *(consulted() for _ in range(5)))
    metadata = card(SSIN)

    first = await asked(audit, metadata, page_size=3)
    second = await asked(audit, metadata, page_size=3, page_token=first.next_page_token)

    assert [len(first.consultations), len(second.consultations)] == [3, 3]
    after = pb.ListMyConsultationsRequest()
    after.occurred_from.FromDatetime(NOW + timedelta(days=1))
    later = await asked(audit, metadata, occurred_from=after.occurred_from)
    assert list(later.consultations) == []


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        (card(SSIN, Authority.founded("institutions of the tests")), "CITIZEN_UNKNOWN"),
        (card("71713000319"), "CITIZEN_UNKNOWN"),
        (card("x"), "CITIZEN_UNKNOWN"),
        ([], "CALLER_UNKNOWN"),
    ],
)
async def test_who_is_no_citizen_reads_nothing_and_is_on_the_trail(audit, metadata, reason):
    await recorded(audit, consulted())

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await asked(audit, metadata)

    details = dict(refused.value.trailing_metadata())["grpc-status-details-bin"]
    info = error_details_pb2.ErrorInfo()
    status_pb2.Status.FromString(details).details[0].Unpack(info)
    assert info.reason == reason
    rows = [row.entry for _, row in audit.records.rows[1:]]
    # Who came without a certificate did not come through the gateway.
    assert len(rows) == (reason == "CITIZEN_UNKNOWN")
    assert all((one.stage, one.subject) == (Stage.REFUSAL, None) for one in rows)


async def test_only_the_gateway_may_ask(audit):
    raw = rpc.AuditServiceStub(await audit.raw(audit.workload("operator")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.ListMyConsultations(pb.ListMyConsultationsRequest())

    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_days_that_make_no_sense_are_refused(audit):
    wrong = pb.ListMyConsultationsRequest()
    wrong.occurred_from.FromDatetime(NOW)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await asked(
            audit, card(SSIN), occurred_from=wrong.occurred_from, occurred_until=wrong.occurred_from
        )

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert audit.records.rows == []


@pytest.mark.parametrize("order", ["OIO", "IOO", "OOI", "IIIOIIO", "III"])
@pytest.mark.parametrize("size", [1, 2])
async def test_no_page_tells_that_something_is_withheld(audit, order, size):
    purposes = {"O": "PCSW:MEANS_TEST", "I": "INSPECTION:FRAUD"}
    await recorded(audit, *(consulted(purpose=purposes[letter]) for letter in order))
    metadata, pages, token = card(SSIN), [], ""

    while token or not pages:
        pages.append(await asked(audit, metadata, page_size=size, page_token=token))
        token = pages[-1].next_page_token

    # What is shown, and the reading itself: as many pages as that takes, all but the last full.
    shown = order.count("O") + 1
    counted = [len(page.consultations) for page in pages]
    assert counted == [size] * (shown // size) + [shown % size] * (shown % size > 0)
    told = [one.legal_context for page in pages for one in page.consultations]
    assert told == ["PCSW:MEANS_TEST"] * order.count("O") + [""]


DELAYS = [
    Delay(
        begins=date(2020, 1, 1),
        legal_context="INSPECTION:*",
        days=100,
        source="law",
        places=frozenset(),
    ),
    Delay(
        begins=date(2025, 1, 1),
        legal_context="INSPECTION:*",
        days=10,
        source="later law",
        places=frozenset(),
    ),
    Delay(
        begins=date(2020, 1, 1),
        legal_context="POLICE:FRAUD",
        days=30,
        source="law",
        places=frozenset(),
    ),
]
TODAY = datetime(2026, 11, 25, tzinfo=UTC)


def use(legal_context="", *, days_ago=0, stage=Stage.OUTCOME, ticket=None):
    at = TODAY - timedelta(days=days_ago)
    return Use(None, ticket or uuid4(), stage, legal_context, at)


@pytest.mark.parametrize(
    ("one", "is_shown"),
    [
        (use("PCSW:X"), True),
        (use("INSPECTION:X", days_ago=9), False),
        (use("INSPECTION:X", days_ago=10), True),
        (use("POLICE:FRAUD", days_ago=29), False),
        (use("POLICE:FRAUD:OTHER", days_ago=29), True),
        (use("INSPECTION:X", days_ago=700), True),
    ],
)
def test_an_inquiry_is_shown_once_its_delay_is_over(one, is_shown):
    assert (shown_to_the_person([one], DELAYS, TODAY) == [one]) is is_shown


def test_the_rule_of_the_day_of_the_exchange_governs():
    old = Use(None, uuid4(), Stage.OUTCOME, "INSPECTION:X", datetime(2024, 12, 1, tzinfo=UTC))

    assert shown_to_the_person([old], DELAYS, datetime(2025, 2, 1, tzinfo=UTC)) == []


def test_an_exchange_that_ended_is_told_once_and_one_that_did_not_is_told_too():
    ticket = uuid4()
    begun, ended = use(stage=Stage.INTENT, ticket=ticket), use(ticket=ticket)
    lost = use(stage=Stage.INTENT)

    assert shown_to_the_person([begun, lost, ended], [], TODAY) == [lost, ended]


def test_there_are_words_for_every_step():
    assert all(words().step(deed, one).nl for deed, some in RESULTS.items() for one in some)
    assert contract_words("NEW_CONTRACT") == Text(*["NEW_CONTRACT"] * 3)
    assert words().deliberation("") == ""


def test_the_name_of_the_authority_is_read_from_its_certificate(tmp_path):
    path = tmp_path / "authority.crt"
    path.write_bytes(Authority.founded(NAME).own.pem)

    assert issuer_name(path) == {CITIZENS}
    assert issuer_name(None) == set()
