"""Who signed in reads what is his by his token, as with his card; a bad token reads nothing."""

import hashlib
import logging
from urllib.parse import quote

import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.audit.v1 import error_report_service_pb2_grpc as report_rpc
from cryptography.hazmat.primitives.serialization import Encoding
from google.rpc import error_details_pb2, status_pb2

from services.audit.trail.model import Stage
from services.kit.forwarded import HEADER
from tests.services.audit.serving import CARDS, INSTITUTIONS, PROVIDER, SSIN, record, stub
from tests.support.tokens import Issuer

OTHER = "89672220419"


def bearing(token):
    return [("authorization", f"Bearer {token}")]


def shown(issued):
    """What the gateway says of a certificate."""
    digest = hashlib.sha256(issued.certificate.public_bytes(Encoding.DER)).hexdigest()
    return [(HEADER, f'Hash={digest};Cert="{quote(issued.pem.decode(), safe="")}"')]


def card(ssin):
    return shown(CARDS.citizen(ssin, "Citizen"))


def program():
    return shown(INSTITUTIONS.organization("portal", "CBSS", "NTRBE-0207401545", "portal"))


async def asked(audit, metadata, workload="gateway", **what):
    raw = rpc.AuditServiceStub(await audit.raw(audit.workload(workload)))
    return await raw.ListMyConsultations(pb.ListMyConsultationsRequest(**what), metadata=metadata)


def reason(refused):
    details = dict(refused.value.trailing_metadata())["grpc-status-details-bin"]
    info = error_details_pb2.ErrorInfo()
    status_pb2.Status.FromString(details).details[0].Unpack(info)
    return info.reason


async def recorded(audit, *persons):
    recorder, pb_record = await stub(audit, "routing"), []
    for person in persons:
        one = record()
        one.subject_ssin = person
        pb_record.append(one)
    await recorder.RecordExchanges(pb.RecordExchangesRequest(records=pb_record))
    return pb_record


@pytest.mark.parametrize("beside", [list, program], ids=["alone", "from a program"])
async def test_a_person_reads_by_his_token_what_is_his_and_nothing_else(audit, beside):
    mine, _ = await recorded(audit, SSIN, OTHER)

    answer = await asked(audit, [*beside(), *bearing(PROVIDER.token(SSIN))])

    first, reading = answer.consultations
    assert first.record_id == mine.record_id
    assert reading.asker == pb.ASKER_PERSON


async def test_the_token_counts_and_not_the_card_beside_it(audit):
    _, other = await recorded(audit, SSIN, OTHER)

    answer = await asked(audit, [*card(SSIN), *bearing(PROVIDER.token(OTHER))])

    assert answer.consultations[0].record_id == other.record_id


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: PROVIDER.token(SSIN, begins=-420), "TOKEN_ENDED"),
        (lambda: PROVIDER.token(SSIN, aud="portal"), "TOKEN_UNUSABLE"),
        (lambda: PROVIDER.token(SSIN, kind="JWT"), "TOKEN_UNUSABLE"),
        (lambda: PROVIDER.confused(SSIN), "TOKEN_UNUSABLE"),
        (lambda: Issuer().token(SSIN), "TOKEN_UNUSABLE"),
        (lambda: PROVIDER.token("71713000319"), "CITIZEN_UNKNOWN"),
    ],
    ids=["ended", "for another", "an ID token", "of another algorithm", "foreign", "no number"],
)
async def test_a_bad_token_reads_nothing_and_is_on_the_trail_even_beside_a_card(audit, made, why):
    await recorded(audit, SSIN)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await asked(audit, [*card(SSIN), *bearing(made())])

    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert reason(refused) == why
    [_, (_, row)] = audit.records.rows
    assert (row.entry.stage, row.entry.subject) == (Stage.REFUSAL, None)


async def test_two_tokens_are_nobodys(audit):
    two = [*bearing(PROVIDER.token(SSIN)), *bearing(PROVIDER.token(OTHER))]

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await asked(audit, two)

    assert reason(refused) == "CALLER_UNKNOWN"


async def test_a_token_opens_nothing_to_a_program_of_the_mesh(audit):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await asked(audit, bearing(PROVIDER.token(SSIN)), workload="routing")

    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


async def test_a_page_goes_on_with_a_renewed_token_and_for_nobody_else(audit):
    await recorded(audit, SSIN, SSIN, SSIN, OTHER, OTHER)
    first = await asked(audit, bearing(PROVIDER.token(SSIN)), page_size=2)
    token = {"page_size": 2, "page_token": first.next_page_token}

    second = await asked(audit, bearing(PROVIDER.token(SSIN, begins=-9)), **token)

    assert len(second.consultations) == 2
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await asked(audit, bearing(PROVIDER.token(OTHER)), **token)
    assert reason(refused) == "PAGE_TOKEN_INVALID"


async def test_who_signed_in_is_a_citizen_where_organizations_may_ask_too(audit):
    reports = report_rpc.ErrorReportServiceStub(await audit.raw(audit.workload("gateway")))
    metadata = [*program(), *bearing(PROVIDER.token(SSIN))]

    answer = await reports.ListErrorReports(report_pb.ListErrorReportsRequest(), metadata=metadata)

    assert list(answer.reports) == []
    [(_, row)] = audit.records.rows
    assert row.entry.subject.digits == SSIN


async def test_a_token_is_never_logged(audit, caplog, capsys):
    token = PROVIDER.token(SSIN, begins=-420)

    with caplog.at_level(logging.DEBUG), pytest.raises(grpc.aio.AioRpcError):
        await asked(audit, bearing(token))

    out = capsys.readouterr()
    for text in (caplog.text, out.out, out.err):
        assert token.split(".")[1] not in text
        assert SSIN not in text
