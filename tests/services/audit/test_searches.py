"""Records are found by customer, purpose and time; an organization finds its own and no others."""

import hashlib
from datetime import timedelta
from urllib.parse import quote

import grpc
import pytest
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from google.rpc import error_details_pb2, status_pb2

from services.audit.trail.model import Inquiry, Page, Search
from services.kit.forwarded import HEADER
from tests.services.audit.fakes import entry
from tests.services.audit.logs import real_entry
from tests.services.audit.serving import NOW, record, stub

GHENT, LIEGE = "0899990348", "0899990447"
DAY = timedelta(days=1)


def window(request, begins=NOW, ends=NOW + DAY):
    request.recorded_from.FromDatetime(begins)
    request.recorded_until.FromDatetime(ends)
    return request


def search(begins=NOW, ends=NOW + DAY, reason="inspection", page_size=0, page_token="", **others):
    searched = window(pb.ExchangeSearch(**others), begins, ends)
    return pb.ListExchangesRequest(
        search=searched, reason=reason, page_size=page_size, page_token=page_token
    )


def own(**others):
    return window(pb.ListOwnExchangesRequest(reason="our own check", **others))


@pytest.fixture
def programs(audit, authority):
    """Programs of two organizations, of which the first was admitted; what the gateway says."""
    made = {}
    for name, number in (("ghent", GHENT), ("liege", LIEGE)):
        program = authority.program(f"NTRBE-{number}")
        der = program.certificate.public_bytes(Encoding.DER)
        pem = quote(program.pem.decode(), safe="")
        made[name] = [(HEADER, f'Hash={hashlib.sha256(der).hexdigest()};Cert="{pem}"')]
        if name == "ghent":
            spki = program.certificate.public_key().public_bytes(
                Encoding.DER, PublicFormat.SubjectPublicKeyInfo
            )
            audit.organizations.keys[number] = {hashlib.sha256(spki).hexdigest()}
    return made


async def recorded(audit):
    records = [
        record(customer_cbe_number=GHENT, legal_context="A"),
        record(customer_cbe_number=GHENT, legal_context="B"),
        record(customer_cbe_number=LIEGE, legal_context="A"),
    ]
    recorder = await stub(audit, "routing")
    await recorder.RecordExchanges(pb.RecordExchangesRequest(records=records))
    return [one.record_id for one in records]


async def test_an_operator_searches_by_customer_and_purpose(audit):
    one, two, three = await recorded(audit)
    operator = await stub(audit, "operator")

    async def found(**what):
        answer = await operator.ListExchanges(search(**what))
        return [each.record_id for each in answer.records if each.customer_cbe_number]

    assert await found(customer_cbe_number=GHENT) == [one, two]
    assert await found(legal_context="A") == [one, three]
    assert await found(customer_cbe_number=GHENT, legal_context="B") == [two]
    assert len(audit.records.rows) == 6


async def gateway(audit):
    return rpc.AuditServiceStub(await audit.raw(audit.workload("gateway")))


async def test_an_organization_reads_its_own_trail_and_that_is_recorded(audit, programs):
    one, two, _ = await recorded(audit)

    answer = await (await gateway(audit)).ListOwnExchanges(own(), metadata=programs["ghent"])

    assert [each.record_id for each in answer.records] == [one, two]
    assert not any(each.subject_ssin for each in answer.records)
    _, reading = audit.records.rows[-1]
    assert b"ListOwnExchanges" in reading.entry.ground.content


@pytest.mark.parametrize("metadata", ["liege", None])
async def test_who_was_not_admitted_reads_nothing(audit, programs, metadata):
    await recorded(audit)

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await (await gateway(audit)).ListOwnExchanges(
            own(), metadata=programs[metadata] if metadata else []
        )

    assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
    details = dict(refused.value.trailing_metadata())["grpc-status-details-bin"]
    info = error_details_pb2.ErrorInfo()
    status_pb2.Status.FromString(details).details[0].Unpack(info)
    assert info.reason == ("ORGANIZATION_UNKNOWN" if metadata else "CALLER_UNKNOWN")
    assert len(audit.records.rows) == (4 if metadata else 3)


@pytest.mark.parametrize(
    ("workload", "method", "request_"),
    [("gateway", "ListExchanges", search()), ("operator", "ListOwnExchanges", own())],
)
async def test_who_is_not_listed_is_refused(audit, workload, method, request_):
    raw = rpc.AuditServiceStub(await audit.raw(audit.workload(workload)))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await getattr(raw, method)(request_)

    assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


BAD = [
    search(),
    search(customer_cbe_number="0899990349"),
    search(legal_context="x" * 65),
    search(legal_context="A", ends=NOW),
    search(legal_context="A", ends=NOW + 367 * DAY),
    pb.ListExchangesRequest(search=pb.ExchangeSearch(legal_context="A"), reason="inspection"),
    search(legal_context="A", reason=""),
    pb.ListExchangesRequest(reason="inspection"),
]


@pytest.mark.parametrize("request_", BAD)
async def test_refuses_a_search_that_makes_no_sense(audit, request_):
    raw = rpc.AuditServiceStub(await audit.raw(audit.workload("operator")))

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.ListExchanges(request_)

    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert audit.records.rows == []


async def test_time_is_when_records_came_into_the_log(running):
    first = [real_entry(n) for n in range(3)]
    await running.trail.record(first)
    await running.grow()
    middle = await running.owner.fetchval("select clock_timestamp()")
    second = [real_entry(n) for n in range(3)]
    await running.trail.record(second)
    await running.grow()
    unmerged = [real_entry()]
    await running.trail.record(unmerged)
    begin, end = middle - DAY, middle + DAY

    async def found(begins, ends, customer=8999903, context=""):
        asked = Search(customer, context, begins, ends)
        listed = await running.trail.list_exchanges(Inquiry(asked, Page(0, 100), None))
        return [one.record_id for one in listed.kept]

    def ids(*entries):
        return [one.record_id for one in entries]

    assert await found(begin, middle) == ids(*first)
    assert await found(middle, end) == ids(*second, *unmerged)
    assert await found(begin, end, context="TEST:1") == ids(first[1], second[1])
    assert await found(begin, end, customer=None, context="TEST:1") == ids(first[1], second[1])
    assert await found(begin, end, customer=7) == []


RUN = 1 << 18


async def begin_next(owner, month):
    await owner.execute(
        "insert into month (month, key_version, wrapped_key)"
        " select month + 1, key_version, wrapped_key from month"
    )
    await owner.execute(
        f"create table record_later partition of record"
        f" for values from ({month + 1 << 34}) to ({month + 2 << 34})"
    )


async def test_a_search_goes_through_every_run_of_every_month(running):
    """A month of more records than a run holds, and a later one: places are moved ahead."""
    sought = {"customer": 8999903, "legal_context": "TEST:SOUGHT"}
    await running.trail.record([entry(b"other", subject=None)])
    month = await running.owner.fetchval("select max(month)::bigint from month")
    firsts = (2, RUN - 2, RUN, 3 * RUN, 60 * RUN, 61 * RUN - 2, 1 << 34, (1 << 34) + 2 * RUN)
    wanted = []
    for n, place in enumerate(firsts):
        own = entry(b"%d" % (n % 3), subject=None, **sought)
        if place == 1 << 34:
            await begin_next(running.owner, month)
        await running.owner.execute(
            "select setval('record_sequence', $1, false)", (month << 34) + place
        )
        await running.trail.record([own, entry(b"x", subject=None, customer=7)])
        wanted.append(own.record_id)

    async def found(after=0, most=100, context="TEST:SOUGHT"):
        begins = await running.owner.fetchval("select clock_timestamp()") - DAY
        asked = Search(8999903, context, begins, begins + 2 * DAY)
        inquiry = Inquiry(asked, Page(after, most), None)
        return (await running.trail.list_exchanges(inquiry)).kept

    every = await found()
    assert [one.record_id for one in every] == wanted
    assert await found(context="TEST:NEVER") == []
    for n, kept in enumerate(every):
        rest = await found(after=kept.sequence, most=2)
        assert [one.record_id for one in rest] == wanted[n + 1 : n + 3]
